import { createHash } from 'node:crypto';

/** SM3 digest (GB/T 32905), 32 bytes. Plain: without the Z value that SM2 puts in front. */
export function sm3(bytes: Uint8Array): Uint8Array {
  return createHash('sm3').update(bytes).digest();
}

/** SM3 digest as 64 lower-case hexadecimal digits. */
export function sm3Hex(bytes: Uint8Array): string {
  return createHash('sm3').update(bytes).digest('hex');
}
