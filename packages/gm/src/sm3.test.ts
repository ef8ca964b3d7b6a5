import assert from 'node:assert/strict';
import test from 'node:test';
import { vector } from './sm2.vectors.ts';
import { sm3, sm3Hex } from './sm3.ts';

test('SM3 of "abc" is the example of GB/T 32905', () => {
  const expected = '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0';
  assert.equal(sm3Hex(Buffer.from('abc')), expected);
  assert.equal(Buffer.from(sm3(Buffer.from('abc'))).toString('hex'), expected);
});

test('SM3 of the text to sign is the one of the reference client', () => {
  assert.equal(sm3Hex(vector.bytes), vector.sm3);
});
