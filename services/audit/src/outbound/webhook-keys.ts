import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What signs the messages of one subscription: made from the hub's key file and the id, kept nowhere. */
export type WebhookKeys = {
  /** 32 bytes, for HMAC-SHA-256. */
  secret: Uint8Array;
  /** Ed25519. */
  privateKey: KeyObject;
  /** 32 bytes. */
  publicKey: Uint8Array;
};

// PKCS #8 of an Ed25519 key (RFC 8410) up to its 32-byte seed.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `master`: 32 random bytes. */
export function webhookKeys(master: Uint8Array, subscriptionId: string): WebhookKeys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', master, subscriptionId, `erx-webhook-${use}`, 32));
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, derive('ed25519')]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { secret: derive('hmac'), privateKey, publicKey: Buffer.from(x, 'base64url') };
}

/** As the Standard Webhooks specification writes them: `whsec_…`, `whpk_…`. */
export function keyTexts({ secret, publicKey }: WebhookKeys): { secret: string; publicKey: string } {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return { secret: `whsec_${base64(secret)}`, publicKey: `whpk_${base64(publicKey)}` };
}
