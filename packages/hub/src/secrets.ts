import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatSignerKey, keyTypes, signerKey } from '@erx/tlog';
import { newSigningJwk } from './signing-jwk.ts';
import { firstTokenKeys, TOKEN_KEYS_FILE } from './token-keys.ts';
import { readOrCreate, writeAtomically } from './write-atomically.ts';

const keyFiles = ['person-wrap.key', 'person-lookup.key', 'quote.key', 'qr.key', 'request-hash.key', 'webhook.key'];

/**
 * Makes what is missing in a folder of secrets: 32 random bytes per key file, the root authority's key pair, and the keys
 * that sign the log and access tokens.
 */
export async function ensureSecrets(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const file of keyFiles) readOrCreate(join(dir, file), () => randomBytes(32));
  readOrCreate(join(dir, 'log.keys'), logKey);
  readOrCreate(join(dir, TOKEN_KEYS_FILE), firstTokenKeys);
  const { d: _private, ...publicKey } = JSON.parse(
    readOrCreate(join(dir, 'authority.private.jwk.json'), () => `${JSON.stringify(newSigningJwk())}\n`).toString(),
  );
  writeAtomically(join(dir, 'authority.public.jwk.json'), `${JSON.stringify(publicKey)}\n`);
}

/** A password that is made once and kept in the folder of secrets. */
export function keptPassword(dir: string, name: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return readOrCreate(join(dir, `${name}.password`), () => randomBytes(24).toString('base64url')).toString();
}

/** A key of the log under its name: ERX_LOG_ORIGIN, an address without scheme, else one that no other hub has. */
function logKey(): string {
  const origin = process.env['ERX_LOG_ORIGIN'] || `erx-hub.localhost/${randomBytes(4).toString('hex')}`;
  return `${formatSignerKey(signerKey(origin, keyTypes.signature, randomBytes(32)))}\n`;
}
