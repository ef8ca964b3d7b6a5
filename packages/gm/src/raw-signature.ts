import { decodeBase64 } from './base64.ts';
import { ORDER, toInteger } from './curve.ts';

/** r and s, 32 bytes each, both within 1 .. n-1. */
export type RawSignature = { r: Uint8Array; s: Uint8Array };

/** Reads Base64 of r||s; undefined for another length, bad Base64 or a number out of range. */
export function parseSignature(text: string): RawSignature | undefined {
  const bytes = decodeBase64(text);
  if (bytes?.length !== 64) return undefined;
  const r = bytes.subarray(0, 32);
  const s = bytes.subarray(32);
  return inRange(r) && inRange(s) ? { r, s } : undefined;
}

function inRange(part: Uint8Array): boolean {
  const value = toInteger(part);
  return value >= 1n && value < ORDER;
}

/** SEQUENCE of two INTEGERs: the only form that OpenSSL reads. Always below 128 bytes, so lengths take one byte. */
export function toDer({ r, s }: RawSignature): Uint8Array {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function derInteger(part: Uint8Array): Uint8Array {
  const first = part.findIndex((byte) => byte !== 0);
  const digits = part.subarray(first);
  // INTEGER is signed: a leading one bit needs a zero byte before it.
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.of(0x02, digits.length + sign.length, ...sign), digits]);
}

/** r||s of a DER signature that OpenSSL itself made. */
export function fromDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  let offset = 2;
  for (const end of [32, 64]) {
    const length = der[offset + 1] ?? 0;
    const digits = der.subarray(offset + 2, offset + 2 + length);
    const unsigned = digits.length === 33 ? digits.subarray(1) : digits;
    raw.set(unsigned, end - unsigned.length);
    offset += 2 + length;
  }
  return raw;
}
