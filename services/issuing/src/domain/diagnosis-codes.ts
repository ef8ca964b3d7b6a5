/** The diagnosis is one of these codes, or a finer one below them: C34.900x001 lies below C34.900 and C34. */
export function isBelow(diagnosis: string, codes: readonly string[]): boolean {
  return codes.some((code) => diagnosis.startsWith(code));
}
