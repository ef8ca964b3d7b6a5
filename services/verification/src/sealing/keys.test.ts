import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { ConfigError } from '@erx/config';
import type { ImportedPerson } from '@erx/proto/verification/v1/verification_service';
import { seededRandom } from '@erx/testkit';
import { readKeyFile } from './key-file.ts';
import { createLookupKey } from './lookup-key.ts';

const random = seededRandom('keys');
const person = { certType: '01', certNo: '990101194001011238', name: '赵犇骉', phone: '1' };
const imported: ImportedPerson = { person, insurances: [], filings: [] };

test('an identity has one hash per key, and parts cannot be moved between type and number', () => {
  const key = createLookupKey(random(32));
  assert.deepEqual(key.identityHash('01', '99'), key.identityHash('01', '99'));
  assert.notDeepEqual(key.identityHash('01', '99'), key.identityHash('019', '9'));
  assert.notDeepEqual(key.identityHash('01', '99'), createLookupKey(random(32)).identityHash('01', '99'));
  assert.equal(key.identityHash('01', '99').length, 32);
});

test('names are compared by a hash of person and name, however the name was composed', () => {
  const key = createLookupKey(random(32));
  const hash = key.nameHash('a', 'Jos\u00e9');
  assert.deepEqual(key.nameHash('a', 'Jose\u0301'), hash);
  for (const other of [key.nameHash('a', 'Jose'), key.nameHash('b', 'Jos\u00e9'), key.identityHash('a', 'Jos\u00e9')]) {
    assert.notDeepEqual(other, hash);
  }
});

test('a content hash changes with every part of the content', () => {
  const key = createLookupKey(random(32));
  const hash = Buffer.from(key.contentHash(imported, 1)).toString('hex');
  assert.equal(Buffer.from(key.contentHash(structuredClone(imported), 1)).toString('hex'), hash);
  for (const change of [{ name: '赵' }, { phone: '' }, { certNo: '1' }, { certType: '' }]) {
    const other = key.contentHash({ ...imported, person: { ...person, ...change } }, 1);
    assert.notEqual(Buffer.from(other).toString('hex'), hash);
  }
});

test('a key file holds exactly 32 bytes; otherwise the setting is named, not the content', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erx-key-'));
  try {
    const file = join(folder, 'some.key');
    writeFileSync(file, random(32));
    assert.equal(readKeyFile('ERX_SOME_KEY_FILE', file).length, 32);
    writeFileSync(file, 'a password');
    assert.throws(() => readKeyFile('ERX_SOME_KEY_FILE', file), ConfigError);
    assert.throws(() => readKeyFile('ERX_SOME_KEY_FILE', join(folder, 'none')), /ERX_SOME_KEY_FILE.*ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
