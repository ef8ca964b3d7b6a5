/** GX-3k: bytes, hash and evidence are kept at least until then, `years` after the issue time. */
export function retainUntil(issuedAt: Date, years: number): Date {
  const end = new Date(issuedAt);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}
