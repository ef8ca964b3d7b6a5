import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOrCreate, writeAtomically } from './write-atomically.ts';

const keyFiles = ['person-wrap.key', 'person-lookup.key', 'quote.key', 'qr.key', 'request-hash.key'];

/** Makes what is missing in a folder of secrets: 32 random bytes per key file, and the root authority's key pair. */
export async function ensureSecrets(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const file of keyFiles) readOrCreate(join(dir, file), () => randomBytes(32));
  const { d: _private, ...publicKey } = JSON.parse(
    readOrCreate(join(dir, 'authority.private.jwk.json'), authorityKey).toString(),
  );
  writeAtomically(join(dir, 'authority.public.jwk.json'), `${JSON.stringify(publicKey)}\n`);
}

/** A password that is made once and kept in the folder of secrets. */
export function keptPassword(dir: string, name: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return readOrCreate(join(dir, `${name}.password`), () => randomBytes(24).toString('base64url')).toString();
}

/** A P-256 key as JWK whose `kid` is its RFC 7638 thumbprint. */
function authorityKey(): string {
  const { crv, kty, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return `${JSON.stringify({ kty, crv, x, y, d, kid, alg: 'ES256', use: 'sig' })}\n`;
}
