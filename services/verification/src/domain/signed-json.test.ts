import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readSignedJson } from './signed-json.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const seed = 42;

test('every object is read as what it says', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
  fc.assert(
    fc.property(object, (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(readSignedJson(bytes(text)), { value: JSON.parse(text) });
    }),
    { seed },
  );
});

test('a member said twice, at any depth, was signed by nobody', () => {
  for (const text of ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"a":[{"x":1},{"x":1,"\\u0078":2}]}']) {
    assert.deepEqual(readSignedJson(bytes(text)), { problem: 'DUPLICATE_MEMBER' }, text);
  }
});

test('quoted signs are text', () => {
  const value = { 'a:"{[': '}]:\\', b: ['{"c":1}', '\\"'] };
  assert.deepEqual(readSignedJson(bytes(JSON.stringify(value))), { value });
});

test('what is no object, no JSON, no UTF-8, too deep or too large is told apart without a word of it', () => {
  const problems: [Uint8Array, string][] = [
    [bytes(''), 'EMPTY'],
    [bytes('[]'), 'NOT_AN_OBJECT'],
    [bytes('null'), 'NOT_AN_OBJECT'],
    [bytes('{"secret'), 'NOT_JSON'],
    [bytes('\ufeff{}'), 'NOT_JSON'],
    [new Uint8Array([0x7b, 0xff, 0x7d]), 'NOT_JSON'],
    [bytes(`{"a":${'['.repeat(16)}${']'.repeat(16)}}`), 'TOO_DEEP'],
    [bytes('['.repeat(100_000)), 'TOO_DEEP'],
    [bytes(' '.repeat(200_000)), 'TOO_LARGE'],
  ];
  for (const [input, problem] of problems) assert.deepEqual(readSignedJson(input), { problem });
});

test('any bytes give a value or a problem, never a failure', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      const read = readSignedJson(input);
      assert.ok('value' in read || 'problem' in read);
    }),
    { seed, numRuns: 500 },
  );
});
