import assert from 'node:assert/strict';
import test from 'node:test';
import { isGivenUp, pauseAfter } from '../domain/retry-schedule.ts';
import { addressProblem, isPublic } from './webhook-address.ts';

const strict = { allowsHttp: false, allowsPrivate: false };

test('pauses grow from seconds to hours; a receiver may ask for more, up to a day', () => {
  const pauses = Array.from({ length: 12 }, (_, n) => pauseAfter(n + 1, 0) / 1_000);
  assert.deepEqual(pauses.slice(0, 4), [5, 30, 120, 600]);
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
  );
  assert.equal(pauses.at(-1), 8 * 3_600);
  assert.equal(pauseAfter(1, 60_000), 60_000);
  assert.equal(pauseAfter(1, Number.MAX_SAFE_INTEGER), 24 * 3_600_000);
});

test('a message is tried for five days', () => {
  const first = new Date('2026-03-01T00:00:00Z');
  assert.equal(isGivenUp(first, new Date('2026-03-05T23:59:59Z')), false);
  assert.equal(isGivenUp(first, new Date('2026-03-06T00:00:00Z')), true);
});

test('only https addresses without credentials are sent to; plain http where it is allowed', () => {
  assert.equal(addressProblem('https://a.example/hook?x=1', strict), undefined);
  assert.equal(addressProblem('http://a.example/hook', strict), 'HTTPS_REQUIRED');
  assert.equal(addressProblem('http://a.example/hook', { ...strict, allowsHttp: true }), undefined);
  for (const url of ['file:///etc/passwd', 'ftp://a.example', 'javascript:0'])
    assert.equal(addressProblem(url, { ...strict, allowsHttp: true }), 'HTTPS_REQUIRED', url);
  for (const url of ['', 'a.example', 'https://u:p@a.example/', 'https://a.example/#x'])
    assert.equal(addressProblem(url, strict), 'WRONG_FORM', url);
});

test('addresses behind the hub’s own doors are refused however they are written', () => {
  const inside = [
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.1.2.3/',
    'https://172.31.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[2002:7f00:1::]/',
    'https://[64:ff9b::7f00:1]/',
  ];
  for (const url of inside) assert.equal(addressProblem(url, strict), 'ADDRESS_FORBIDDEN', url);
  assert.equal(addressProblem('https://10.1.2.3/', { ...strict, allowsPrivate: true }), undefined);
  for (const address of ['8.8.8.8', '2606:4700::1111', '1.1.1.1']) assert.ok(isPublic(address), address);
  for (const address of ['224.0.0.1', '255.255.255.255', '2001:db8::1', 'ff02::1', 'x'])
    assert.ok(!isPublic(address), address);
});
