import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstTokenKeys, rotated } from './token-keys.ts';

const now = new Date('2026-11-30T12:00:00Z');
const seconds = now.getTime() / 1_000;
const keysOf = (text: string) => (JSON.parse(text) as { keys: { kid: string; d?: string; exp?: number }[] }).keys;

test('a rotation puts a new key in front; the former one keeps neither its private part nor its place for ever', () => {
  const first = firstTokenKeys();
  const [old] = keysOf(first);
  const [signing, former, ...more] = keysOf(rotated(first, now, false));
  assert.notEqual(signing?.kid, old?.kid);
  assert.ok(signing?.d !== undefined && signing.exp === undefined);
  assert.deepEqual([former?.kid, former?.d, former?.exp, more.length], [old?.kid, undefined, seconds + 360, 0]);
});

test('a second rotation does not lengthen the life of the first key, and a third drops what is over', () => {
  const once = rotated(firstTokenKeys(), now, false);
  const twice = rotated(once, new Date(now.getTime() + 60_000), false);
  assert.deepEqual(
    keysOf(twice).map(({ exp }) => exp),
    [undefined, seconds + 420, seconds + 360],
  );
  const later = rotated(twice, new Date(now.getTime() + 400_000), false);
  assert.deepEqual(
    keysOf(later).map(({ exp }) => exp),
    [undefined, seconds + 760, seconds + 420],
  );
});

test('a rotation at once leaves the new key alone', () => {
  assert.equal(keysOf(rotated(rotated(firstTokenKeys(), now, false), now, true)).length, 1);
});
