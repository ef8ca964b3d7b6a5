import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { differences } from './canonical-equal.ts';

test('the order of members has no meaning, the order of elements has', () => {
  assert.deepEqual(differences({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }), []);
  assert.deepEqual(differences([1, 2, 3], [1, 3, 2]), ['/1', '/2']);
});

test('paths name the smallest differing parts', () => {
  const a = { patient: { name: '张三', age: 40 }, lines: [{ qty: 1 }, { qty: 2 }] };
  const b = { patient: { name: '张三', age: 41 }, lines: [{ qty: 1 }, { qty: 3, unit: '盒' }, { qty: 9 }] };
  assert.deepEqual(differences(a, b), ['/patient/age', '/lines/1/qty', '/lines/1/unit', '/lines/2']);
});

test('kinds of values do not mix', () => {
  const kinds: unknown[] = [null, false, 0, '', '0', [], {}];
  for (const a of kinds) for (const b of kinds) assert.deepEqual(differences(a, b), a === b || same(a, b) ? [] : ['']);
  assert.deepEqual(differences({ a: null }, {}), ['/a']);

  function same(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
  }
});

test('member names are escaped and may be those of Object itself', () => {
  assert.deepEqual(differences({ 'a/b~c': 1 }, { 'a/b~c': 2 }), ['/a~1b~0c']);
  assert.deepEqual(differences({}, JSON.parse('{"__proto__": 1, "toString": 2}')), ['/__proto__', '/toString']);
  assert.deepEqual(differences(JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}')), ['/__proto__']);
});

test('a value equals its own copy through JSON, and differs in any other text', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (one, other) => {
      const a = JSON.parse(one);
      assert.deepEqual(differences(a, JSON.parse(one)), []);
      const b = JSON.parse(other);
      const equal = differences(a, b).length === 0;
      assert.equal(equal, canonical(a) === canonical(b));
      assert.equal(differences(b, a).length, differences(a, b).length);
    }),
    { seed: 20260212, numRuns: 500 },
  );
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
      : part,
  );
}
