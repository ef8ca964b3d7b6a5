import assert from 'node:assert/strict';
import test from 'node:test';
import { boundedCache } from './bounded-cache.ts';

test('the value not used for longest leaves and is released once', () => {
  const made: string[] = [];
  const released: string[] = [];
  const make = (key: string) => {
    made.push(key);
    return key;
  };
  const get = boundedCache(2, make, (value) => released.push(value));
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(get(key), key);
  assert.deepEqual(made, ['a', 'b', 'c', 'b']);
  assert.deepEqual(released, ['b', 'c']);
});

test('what could not be made is not kept', () => {
  let calls = 0;
  const get = boundedCache<string>(2, () => void calls++ as undefined, assert.fail);
  assert.equal(get('x'), undefined);
  assert.equal(get('x'), undefined);
  assert.equal(calls, 2);
});
