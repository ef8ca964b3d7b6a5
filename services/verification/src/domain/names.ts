/** The same characters, however they were composed. */
export function sameName(a: string, b: string): boolean {
  return a.normalize('NFC') === b.normalize('NFC');
}

/** All but the first character masked: what a counter needs to greet the right person. */
export function maskedName(name: string): string {
  return [...name].map((character, index) => (index === 0 ? character : '*')).join('');
}
