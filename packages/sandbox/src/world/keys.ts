import { createECDH, createHash } from 'node:crypto';
import { generateKeyPair, type KeyPair } from '@erx/gm';
import { keysSince, once } from './periods.ts';
import type { Random } from './random.ts';
import type { JsonWebKey, PublicKeyRecord } from './records.ts';

export type Signer = KeyPair & { keyId: string };

/** An SM2 key pair of somebody who signs. Made from the seed: good for a sandbox, and for nothing else. */
export function makeSigner(random: Random): Signer {
  const pair = generateKeyPair(random.bytes);
  const keyId = createHash('sha256').update(pair.publicKey).digest('hex').slice(0, 16);
  return { ...pair, keyId };
}

export function publicRecord({ keyId, publicKey }: Signer): PublicKeyRecord {
  return { keyId, publicKey, valid: keysSince };
}

/** A key that was changed: nothing that is signed today may bear it. */
export function formerRecord({ keyId, publicKey }: Signer): PublicKeyRecord {
  return { keyId, publicKey, valid: once };
}

/** An ES256 key (P-256) with which a client asks for tokens; its `kid` is the RFC 7638 thumbprint. */
export function makeClientKey(random: Random): JsonWebKey {
  const ecdh = createECDH('prime256v1');
  // 2²⁵⁵ is below the order of the curve, so every such scalar but zero is a key.
  const scalar = random.bytes(32);
  scalar[0] = ((scalar[0] ?? 0) & 0x7f) | 1;
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const members = {
    crv: 'P-256',
    kty: 'EC',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url');
  return { ...members, d: Buffer.from(scalar).toString('base64url'), kid, alg: 'ES256', use: 'sig' };
}

export function publicJwk({ d: _private, ...rest }: JsonWebKey): JsonWebKey {
  return rest;
}
