import { sm2 } from 'sm-crypto-v2';
import { encodeBase64 } from './base64.ts';
import { DEFAULT_USER_ID } from './curve.ts';
import { privateScalar, publicPoint } from './key-text.ts';
import { parseSignature } from './raw-signature.ts';
import type { Sm2 } from './sm2-implementation.ts';

const OPTIONS = { hash: true, der: false, userId: DEFAULT_USER_ID };

/** SM2 in JavaScript alone, for platforms where OpenSSL cannot be reached. Verifying takes eleven times as long. */
export const pureSm2: Sm2 = {
  verify(publicKey, bytes, signature) {
    const raw = parseSignature(signature);
    const point = publicPoint(publicKey);
    if (raw === undefined || point === undefined) return false;
    try {
      return sm2.doVerifySignature(bytes, toHex(raw.r) + toHex(raw.s), toHex(point), OPTIONS);
    } catch {
      // The library throws for a point that is not on the curve.
      return false;
    }
  },

  sign(privateKey, bytes) {
    const signature = sm2.doSignature(bytes, toHex(privateScalar(privateKey)), OPTIONS);
    return encodeBase64(Buffer.from(signature, 'hex'));
  },
};

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
