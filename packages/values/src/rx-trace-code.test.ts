import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { BASE32 } from './base32.ts';
import { isRxTraceCode, makeRxTraceCode, rxQr, splitRxQr } from './rx-trace-code.ts';
import { singleErrors } from './single-errors.fixture.ts';

const codes = fc.uint8Array({ minLength: 19, maxLength: 19 }).map((bytes) => makeRxTraceCode(() => bytes));

test('a trace code has 20 characters that nobody misreads', () => {
  fc.assert(
    fc.property(codes, (code) => {
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{20}$/);
      assert.ok(isRxTraceCode(code));
    }),
    { seed: 20260207 },
  );
});

test('each random byte decides one character, so 95 bits are random', () => {
  const zeros = makeRxTraceCode((n) => new Uint8Array(n));
  assert.equal(zeros.slice(0, 19), '0'.repeat(19));
  for (let place = 0; place < 19; place++) {
    const code = makeRxTraceCode((n) => new Uint8Array(n).fill(31, place, place + 1));
    assert.equal(code.slice(0, 19), `${'0'.repeat(place)}Z${'0'.repeat(18 - place)}`);
  }
});

test('every single wrong character of a trace code is noticed', () => {
  fc.assert(
    fc.property(codes, (code) => {
      for (const wrong of singleErrors(code, `${BASE32}ILOUa `)) assert.ok(!isRxTraceCode(wrong), wrong);
    }),
    { seed: 20260208 },
  );
});

test('the QR text is the code and the first 35 bits of the MAC', () => {
  const code = makeRxTraceCode((n) => new Uint8Array(n));
  // 35 bits 00001 00010 00011 00100 00101 00110 00111, then bits that do not count.
  const mac = Buffer.from('08864298e8ff', 'hex');
  assert.equal(rxQr(code, mac), `${code}1234567`);
  assert.equal(rxQr(code, Buffer.alloc(32, 0xff)), `${code}ZZZZZZZ`);
});

test('a QR text comes apart into what it was made from', () => {
  fc.assert(
    fc.property(codes, fc.uint8Array({ minLength: 5, maxLength: 32 }), (code, mac) => {
      const text = rxQr(code, mac);
      assert.equal(text.length, 27);
      assert.deepEqual(splitRxQr(text), { rxTraceCode: code, mac: text.slice(20) });
    }),
    { seed: 20260209 },
  );
});

test('a QR text with a wrong code, length or character is none', () => {
  const text = rxQr(
    makeRxTraceCode((n) => Buffer.alloc(n, 7)),
    Buffer.alloc(5, 9),
  );
  const wrong = ['', text.slice(0, 20), text.slice(0, 26), `${text}0`, `1${text.slice(1)}`, `${text.slice(0, 26)}U`];
  for (const other of [...wrong, text.toLowerCase()]) assert.equal(splitRxQr(other), undefined, other);
});

test('a QR is not made from a wrong code or a short MAC', () => {
  const code = makeRxTraceCode((n) => new Uint8Array(n));
  assert.throws(() => rxQr(`1${code.slice(1)}`, Buffer.alloc(32)), RangeError);
  assert.throws(() => rxQr(code, Buffer.alloc(4)), RangeError);
});
