import assert from 'node:assert/strict';
import test from 'node:test';
import { ORDER, toInteger } from './curve.ts';
import { generateKeyPair } from './key-pair.ts';
import { sign, verify } from './sm2.ts';
import { vector } from './sm2.vectors.ts';

const unbase64 = (text: string) => Buffer.from(text, 'base64');

test('a random source that repeats makes the same pair again', () => {
  const random = (n: number) => Buffer.alloc(n, 'seed');
  assert.deepEqual(generateKeyPair(random), generateKeyPair(random));
});

test("the pair of the standard's example D has the standard's public key", () => {
  const d = unbase64(vector.privateKey);
  const oneLess = Buffer.from((toInteger(d) - 1n).toString(16).padStart(96, '0'), 'hex');
  assert.deepEqual(
    generateKeyPair(() => oneLess),
    { privateKey: vector.privateKey, publicKey: vector.publicKey },
  );
});

test('pairs differ without a given source, have fixed lengths, and sign', () => {
  const [one, two] = [generateKeyPair(), generateKeyPair()];
  assert.notEqual(one.privateKey, two.privateKey);
  assert.equal(unbase64(one.privateKey).length, 32);
  assert.equal(unbase64(one.publicKey).length, 65);
  const signature = sign(one.privateKey, vector.bytes);
  assert.ok(verify(one.publicKey, vector.bytes, signature));
  assert.ok(!verify(two.publicKey, vector.bytes, signature));
});

test('the extreme random bytes give a valid D', () => {
  for (const fill of [0x00, 0xff]) {
    const d = toInteger(unbase64(generateKeyPair((n) => Buffer.alloc(n, fill)).privateKey));
    assert.ok(d >= 1n && d <= ORDER - 2n);
  }
});
