import assert from 'node:assert/strict';
import test from 'node:test';
import { makeWorld } from '@erx/sandbox';
import fc from 'fast-check';
import { needlesOf } from './needles.ts';
import { createScanner } from './scanner.ts';

const persons = makeWorld('1').persons.map(({ record }) => record);
const needles = needlesOf(persons, 'person');
const scanner = createScanner(needles);

const written: Record<string, (text: string) => Buffer> = {
  text: (text) => Buffer.from(text),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  hex: (text) => Buffer.from(Buffer.from(text).toString('hex')),
  percent: (text) => Buffer.from(encodeURIComponent(text)),
  'escaped JSON': (text) =>
    Buffer.from(
      [...text].map((it) => (it < '\u0080' ? it : `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)).join(''),
    ),
};

const somewhere = fc.record({
  needle: fc.constantFrom(...needles),
  before: fc.uint8Array({ maxLength: 9 }),
  after: fc.uint8Array({ maxLength: 9 }),
});

for (const [form, write] of Object.entries(written)) {
  test(`a name, number or phone is found wherever it stands, as ${form}`, () => {
    fc.assert(
      fc.property(somewhere, ({ needle, before, after }) => {
        const hits = scanner.scan(Buffer.concat([before, write(needle.text), after]));
        assert.ok(hits.some((hit) => hit.needle === needle));
      }),
      { seed: 3, numRuns: 300 },
    );
  });
}

test('a name, number or phone is found inside longer bytes that were written as base64 or base64url', () => {
  fc.assert(
    fc.property(somewhere, fc.constantFrom('base64' as const, 'base64url' as const), (place, encoding) => {
      const whole = Buffer.concat([place.before, Buffer.from(place.needle.text), place.after]);
      const hits = scanner.scan(Buffer.from(whole.toString(encoding)));
      assert.ok(hits.some(({ needle }) => needle === place.needle));
    }),
    { seed: 4, numRuns: 600 },
  );
});

test('random bytes, other texts of the world and a masked name hold nobody', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4_000, maxLength: 4_000 }), (bytes) => {
      assert.deepEqual(scanner.scan(Buffer.from(bytes)), []);
    }),
    { seed: 5, numRuns: 100 },
  );
  const { hospitals, pharmacies, doctors, drugs } = makeWorld('1');
  const others = JSON.stringify([hospitals, pharmacies, doctors.map(({ record }) => record), drugs]);
  assert.deepEqual(scanner.scan(Buffer.from(others)), []);
  assert.deepEqual(scanner.scan(Buffer.from(persons.map(({ name }) => `${name.slice(0, 1)}**`).join())), []);
});
