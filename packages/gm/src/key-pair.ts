import { randomBytes } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { encodeBase64 } from './base64.ts';
import { ORDER, toBytes32, toInteger } from './curve.ts';

/** Base64 of D (32 bytes) and of 04||X||Y (65 bytes). */
export type KeyPair = { privateKey: string; publicKey: string };

// 128 bits more than the order has make the bias of the remainder negligible (FIPS 186-5, A.2.1).
const RANDOM_BYTES = 48;

/**
 * A new SM2 key pair. `random(n)` gives n bytes; the pair is a function of those bytes alone, so a seeded
 * source makes the same keys again (sandbox, tests). The default source is the operating system's.
 */
export function generateKeyPair(random: (n: number) => Uint8Array = randomBytes): KeyPair {
  const d = toBytes32((toInteger(random(RANDOM_BYTES)) % (ORDER - 2n)) + 1n);
  const point = sm2.getPublicKeyFromPrivateKey(Buffer.from(d).toString('hex'));
  return { privateKey: encodeBase64(d), publicKey: encodeBase64(Buffer.from(point, 'hex')) };
}
