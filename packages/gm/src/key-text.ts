import { decodeBase64 } from './base64.ts';
import { ORDER, toInteger } from './curve.ts';

const UNCOMPRESSED = 0x04;

/**
 * The point 04||X||Y (65 bytes) of a public key in Base64; 64 bytes X||Y are completed, as clients of the
 * national prescription centre send both. Undefined when the text has another shape.
 * Does not look whether the point lies on the curve: both implementations do that themselves.
 */
export function publicPoint(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  if (bytes?.length === 65 && bytes[0] === UNCOMPRESSED) return bytes;
  if (bytes?.length === 64) return Buffer.concat([Buffer.of(UNCOMPRESSED), bytes]);
  return undefined;
}

/**
 * The 32 bytes of D of a private key in Base64. A leading 00 (Java's signed BigInteger) is taken off.
 * Throws TypeError without quoting the key: whoever signs owns the key, so a bad one is a fault of the set-up.
 */
export function privateScalar(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  const scalar = bytes?.length === 33 && bytes[0] === 0 ? bytes.subarray(1) : bytes;
  if (scalar?.length !== 32) throw new TypeError('SM2 private key: expected Base64 of 32 bytes');
  const d = toInteger(scalar);
  // n - 1 is excluded too: signing inverts 1 + D.
  if (d < 1n || d > ORDER - 2n) throw new TypeError('SM2 private key: outside 1 .. n-2');
  return scalar;
}
