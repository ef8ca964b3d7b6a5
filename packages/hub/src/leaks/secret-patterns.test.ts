import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { ensureCertificates } from '../certificates.ts';
import { ensureSecrets, keptPassword } from '../secrets.ts';
import { createScanner } from './scanner.ts';
import { secretPatterns } from './secret-patterns.ts';

test('each secret of a hub is found as programs would print it, and nothing in what may be known', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'erx-secret-patterns-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const [secrets, tls] = [join(dir, 'secrets'), join(dir, 'tls')];
  await ensureSecrets(secrets);
  const password = keptPassword(secrets, 'gateway');
  await ensureCertificates(tls);
  const scanner = createScanner([], secretPatterns([secrets, tls]));
  const found = (text: string | Buffer): string[] => [
    ...new Set(scanner.scan(Buffer.from(text)).map(({ needle }) => needle.label)),
  ];
  const read = (...path: string[]) => readFileSync(join(dir, ...path));

  assert.deepEqual(found(`postgres://gateway:${password}@127.0.0.1/x`), ['secret in gateway.password']);
  assert.deepEqual(found(`{"key":"${read('secrets', 'qr.key').toString('hex')}"}`), ['secret in qr.key']);
  assert.deepEqual(found(`key ${read('secrets', 'quote.key').toString('base64url')}`), ['secret in quote.key']);
  assert.deepEqual(found(read('secrets', 'person-wrap.key')), ['secret in person-wrap.key']);
  assert.deepEqual(found(read('secrets', 'token-keys.json')), ['secret in token-keys.json']);
  assert.deepEqual(found(read('secrets', 'log.keys')), ['secret in log.keys']);
  assert.deepEqual(found(read('tls', 'gateway.key')), ['secret in gateway.key']);
  for (const known of [read('secrets', 'authority.public.jwk.json'), read('tls', 'ca.pem'), read('tls', 'gateway.pem')])
    assert.deepEqual(found(known), []);
});
