import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { addHours, businessDate, businessMonth, formatInstant, parseInstant } from './business-time.ts';

const instants = fc.date({
  min: new Date('1992-01-01T00:00:00Z'),
  max: new Date('2199-12-31T00:00:00Z'),
  noInvalidDate: true,
});

test('the business day turns at midnight in Shanghai', () => {
  assert.equal(businessDate(new Date('2026-01-31T15:59:59.999Z')), '2026-01-31');
  assert.equal(businessDate(new Date('2026-01-31T16:00:00Z')), '2026-02-01');
  assert.equal(businessMonth(new Date('2025-12-31T16:00:00Z')), '2026-01');
});

test('the business day is the one of the time zone data base', () => {
  const shanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });
  fc.assert(
    fc.property(instants, (instant) => assert.equal(businessDate(instant), shanghai.format(instant))),
    { seed: 20260210, numRuns: 500 },
  );
});

test('instants are written in Shanghai time', () => {
  assert.equal(formatInstant(new Date('2026-01-31T00:30:00Z')), '2026-01-31T08:30:00+08:00');
  assert.equal(formatInstant(new Date('2026-01-31T00:30:00.050Z')), '2026-01-31T08:30:00.050+08:00');
});

test('what is written reads back as the same instant', () => {
  fc.assert(
    fc.property(instants, (instant) => {
      assert.equal(parseInstant(formatInstant(instant))?.getTime(), instant.getTime());
    }),
    { seed: 20260211, numRuns: 500 },
  );
});

test('RFC 3339 texts with an offset are read', () => {
  const expected = new Date('2026-01-31T00:30:00Z');
  for (const text of ['2026-01-31T00:30:00Z', '2026-01-31T08:30:00+08:00', '2026-01-30T19:30:00-05:00']) {
    assert.deepEqual(parseInstant(text), expected, text);
  }
  assert.deepEqual(parseInstant('2026-01-31T00:30:00.123456789Z'), new Date('2026-01-31T00:30:00.123Z'));
  assert.deepEqual(parseInstant('9999-12-31T23:59:59+08:00'), new Date('9999-12-31T15:59:59Z'));
});

test('all other texts are refused', () => {
  const wrong = [
    '',
    '2026-01-31',
    '2026-01-31T08:30:00',
    '2026-01-31T08:30Z',
    '2026-01-31 08:30:00Z',
    '2026-01-31t08:30:00z',
    '2026-02-30T08:30:00Z',
    '2026-13-01T08:30:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T08:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-31T08:30:00+0800',
    '2026-01-31T08:30:00+24:00',
    '2026-01-31T08:30:00.Z',
    '2026-01-31T08:30:00Z\n',
    '1769819400000',
    '9999-12-31T16:00:00Z',
    '9999-12-31T23:59:59-23:59',
  ];
  for (const text of wrong) assert.equal(parseInstant(text), undefined, text);
});

test('hours are added without touching the given date', () => {
  const start = new Date('2026-01-31T00:00:00Z');
  assert.deepEqual(addHours(start, 72), new Date('2026-02-03T00:00:00Z'));
  assert.deepEqual(addHours(start, -0.5), new Date('2026-01-30T23:30:00Z'));
  assert.deepEqual(start, new Date('2026-01-31T00:00:00Z'));
});

test('an invalid Date is an error, not a day', () => {
  const invalid = new Date(Number.NaN);
  for (const use of [businessDate, businessMonth, formatInstant]) assert.throws(() => use(invalid), RangeError);
});
