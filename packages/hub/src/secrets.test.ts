import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureSecrets, keptPassword } from './secrets.ts';

test('secrets are made once, readable by their owner only, and the public key holds no private part', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'erx-secrets-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const read = () => readdirSync(dir).map((file) => [file, readFileSync(join(dir, file), 'hex')]);
  await ensureSecrets(dir);
  const password = keptPassword(dir, 'somebody');
  const before = read();
  await ensureSecrets(dir);
  assert.equal(keptPassword(dir, 'somebody'), password);
  assert.deepEqual(read(), before);
  for (const [file = ''] of before) assert.equal(statSync(join(dir, file)).mode & 0o077, 0, file);
  assert.equal(statSync(join(dir, 'quote.key')).size, 32);
  const publicKey = JSON.parse(readFileSync(join(dir, 'authority.public.jwk.json'), 'utf8'));
  assert.deepEqual(Object.keys(publicKey).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
});
