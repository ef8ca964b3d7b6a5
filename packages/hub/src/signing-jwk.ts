import { createHash, generateKeyPairSync } from 'node:crypto';

/** A new P-256 key as JWK whose `kid` is its RFC 7638 thumbprint. */
export function newSigningJwk() {
  const { crv, kty, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kty, crv, x, y, d, kid, alg: 'ES256', use: 'sig' };
}
