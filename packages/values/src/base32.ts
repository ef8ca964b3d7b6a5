/** Crockford's base 32: without I, L, O and U, so that nobody reads 1 or 0 for a letter. Upper case only. */
export const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** One character per byte, from its low five bits: uniform when the bytes are. */
export function base32OfLowBits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte & 31)).join('');
}

/** The first `length` characters of the bytes read as one string of bits, five to a character. */
export function base32OfLeadingBits(bytes: Uint8Array, length: number): string {
  const needed = Math.ceil((length * 5) / 8);
  if (bytes.length < needed) throw new RangeError(`expected at least ${needed} bytes`);
  const bits = Array.from(bytes.subarray(0, needed), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length }, (_, i) => BASE32.charAt(Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2))).join('');
}
