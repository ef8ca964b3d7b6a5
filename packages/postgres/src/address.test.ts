import assert from 'node:assert/strict';
import test from 'node:test';
import { readAddress } from './address.ts';

const PLAIN = 'postgres://erx:p%40ss@db.example:5432/erx_audit';

test('a database address says how the server is to be known, and its client sees nothing of that', () => {
  assert.deepEqual(readAddress(PLAIN), { url: PLAIN });
  const file = import.meta.filename;
  const { url, ssl } = readAddress(`${PLAIN}?sslmode=verify-full&sslrootcert=${file}&sslcert=${file}&sslkey=${file}`);
  assert.equal(url, PLAIN);
  assert.deepEqual(Object.keys(ssl ?? {}).sort(), ['ca', 'cert', 'checkServerIdentity', 'key', 'rejectUnauthorized']);
  assert.equal(readAddress(`${PLAIN}?sslmode=verify-full&sslrootcert=system`).ssl?.ca, undefined);
});

test('addresses that would be less safe than they look are refused', () => {
  for (const query of [
    'sslmode=require',
    'sslmode=prefer&sslrootcert=system',
    'sslrootcert=system',
    'sslmode=verify-full',
    'sslmode=verify-full&sslrootcert=system&sslcert=x',
  ]) {
    assert.throws(() => readAddress(`${PLAIN}?${query}`), /ssl/, query);
  }
});
