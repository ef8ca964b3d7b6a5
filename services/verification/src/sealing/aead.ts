// AES-256-GCM with a random nonce: nonce (12) ‖ ciphertext ‖ tag (16).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
const ALGORITHM = 'aes-256-gcm';

/** Encrypts and authenticates `clear`, and authenticates `context`, which whoever opens it has to know. */
export function encrypt(key: Uint8Array, context: Uint8Array, clear: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(context);
  return new Uint8Array(Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]));
}

/** The inverse. Throws when key, context or bytes are not those of the encryption. */
export function decrypt(key: Uint8Array, context: Uint8Array, box: Uint8Array): Uint8Array {
  if (box.length < NONCE + TAG) throw new Error('sealed bytes are cut off');
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(context)
    .setAuthTag(box.subarray(box.length - TAG));
  const clear = decipher.update(box.subarray(NONCE, box.length - TAG));
  return new Uint8Array(Buffer.concat([clear, decipher.final()]));
}

/** Texts as bytes that no other list of texts has. */
export function contextOf(...texts: readonly string[]): Uint8Array {
  return Buffer.from(JSON.stringify(texts));
}
