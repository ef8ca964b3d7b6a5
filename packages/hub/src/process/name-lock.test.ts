import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { holdName, isHeld } from './name-lock.ts';

test('a name has one holder until it is released', async () => {
  const name = `erx-test-${randomUUID()}`;
  assert.equal(await isHeld(name), false);
  const held = await holdName(name);
  assert.ok(held);
  assert.equal(await isHeld(name), true);
  assert.equal(await holdName(name), undefined);
  await held[Symbol.asyncDispose]();
  assert.equal(await isHeld(name), false);
});
