import assert from 'node:assert/strict';
import test from 'node:test';
import { seededRandom } from '@erx/testkit';
import fc from 'fast-check';
import { type Belonging, openBytes, sealBytes } from './sealed-bytes.ts';
import { createWrapKey, type DataKey } from './wrap-key.ts';

const random = seededRandom('sealing');
const keyOf = (personId: string, version = 1): DataKey => ({ personId, version, key: random(32) });
const key = keyOf('a');
const clear = new Uint8Array(Buffer.from('赵犇骉'));
const seed = 11;

const belonging = fc.record(
  {
    personId: fc.constantFrom('a', 'b', 'a","name'),
    field: fc.constantFrom('name' as const, 'identity' as const, 'document' as const),
    binding: fc.array(fc.constantFrom('x', 'y', 'x","y'), { maxLength: 2 }),
  },
  { requiredKeys: ['personId', 'field'] },
);
const same = (a: Belonging, b: Belonging) =>
  JSON.stringify([a.personId, a.field, ...(a.binding ?? [])]) ===
  JSON.stringify([b.personId, b.field, ...(b.binding ?? [])]);

test('sealed bytes open for exactly what they were sealed for, and for nothing else', () => {
  fc.assert(
    fc.property(belonging, belonging, fc.uint8Array(), (sealedFor, openedFor, bytes) => {
      const sealed = sealBytes(key, sealedFor, bytes);
      if (same(sealedFor, openedFor)) assert.deepEqual(openBytes([key], openedFor, sealed), bytes);
      else assert.throws(() => openBytes([key], openedFor, sealed));
    }),
    { seed, numRuns: 500 },
  );
});

test('a bit changed anywhere, and any piece cut off, is noticed', () => {
  const belongs = { personId: 'a', field: 'name' } as const;
  const sealed = sealBytes(key, belongs, clear);
  for (let index = 0; index < sealed.length; index += 1) {
    const altered = Uint8Array.from(sealed);
    altered[index] = (altered[index] ?? 0) ^ 1;
    assert.throws(() => openBytes([key], belongs, altered), `byte ${index}`);
    assert.throws(() => openBytes([key], belongs, sealed.subarray(0, index)), `length ${index}`);
  }
});

test('the same text is sealed differently each time', () => {
  const belongs = { personId: 'a', field: 'name' } as const;
  assert.notDeepEqual(sealBytes(key, belongs, clear), sealBytes(key, belongs, clear));
});

test('the version in front chooses the key, so that older bytes stay readable beside a newer key', () => {
  const belongs = { personId: 'a', field: 'name' } as const;
  const newer = keyOf('a', 2);
  const sealed = sealBytes(key, belongs, clear);
  assert.deepEqual(openBytes([key, newer], belongs, sealed), clear);
  assert.throws(() => openBytes([newer], belongs, sealed), /key of sealed bytes is gone/);
});

test('a data key opens with its hub key, for its person and version only', () => {
  const wrapKey = createWrapKey(random(32));
  const wrapped = wrapKey.wrap(key);
  assert.deepEqual(wrapKey.unwrap(wrapped), key);
  assert.equal(Buffer.from(wrapped.wrapped).includes(Buffer.from(key.key)), false);
  assert.throws(() => wrapKey.unwrap({ ...wrapped, personId: 'b' }));
  assert.throws(() => wrapKey.unwrap({ ...wrapped, version: 2 }));
  assert.throws(() => createWrapKey(random(32)).unwrap(wrapped), /another hub key/);
});
