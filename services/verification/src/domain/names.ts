/** All but the first character masked: what a counter needs to greet the right person. */
export function maskedName(name: string): string {
  return [...name].map((character, index) => (index === 0 ? character : '*')).join('');
}
