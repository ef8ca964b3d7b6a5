import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { alterations, DOCUMENT_SCHEMA, type MedicalPart, quantityText, readJson } from './medical-part.ts';

const expected: MedicalPart = {
  schema: DOCUMENT_SCHEMA,
  prescriptionId: '00000000-0000-4000-8000-000000000001',
  hiRxno: '4201062025060600000000018',
  rxTraceCode: '00000000000000000000',
  hospitalId: 'H42010600001',
  doctorId: 'D420106000001',
  category: '110202',
  prescribedAt: '2025-06-06T01:30:00.000Z',
  validUntil: '2025-06-09T01:30:00.000Z',
  diagnoses: [{ code: 'C34.900', name: '支气管或肺恶性肿瘤' }],
  lines: [
    {
      lineNo: 1,
      drugCode: 'XL01EBA339A001010101234',
      genericName: '甲磺酸奥希替尼片',
      specification: '80mg',
      quantity: '1',
      days: 30,
      usage: '口服',
    },
  ],
};
const [firstLine] = expected.lines;
const withLine = (change: object) => ({ ...expected, lines: [{ ...firstLine, ...change }] });

test('CX-28c the same by value is no alteration: order, offset, zeros', () => {
  const { schema, ...rest } = withLine({ quantity: '1.0000' });
  const offered = { ...rest, prescribedAt: '2025-06-06T09:30:00+08:00', validUntil: '2025-06-09T01:30:00Z', schema };
  assert.deepEqual(alterations(expected, offered), []);
});

test('CX-28c every member of the document counts', () => {
  const places = (value: unknown, at = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => places(inner, `${at}/${key}`))
      : [at];
  for (const pointer of places(expected)) {
    const altered = structuredClone(expected) as unknown as Record<string, unknown>;
    const path = pointer.split('/').slice(1);
    const last = path.pop() ?? '';
    const holder = path.reduce((value, key) => value[key] as Record<string, unknown>, altered);
    const original = holder[last];
    holder[last] = typeof original === 'number' ? original + 1 : `${String(original)}9`;
    assert.deepEqual(alterations(expected, altered), [pointer]);
    delete holder[last];
    assert.deepEqual(alterations(expected, altered), [pointer]);
  }
});

test('a number is no text: days as text and quantity as number are alterations', () => {
  assert.deepEqual(alterations(expected, withLine({ days: '30' })), ['/lines/0/days']);
  assert.deepEqual(alterations(expected, withLine({ quantity: 1 })), ['/lines/0/quantity']);
  assert.deepEqual(alterations(expected, withLine({ quantity: '1.00001' })), ['/lines/0/quantity']);
});

test('an added line or diagnosis is an alteration', () => {
  assert.deepEqual(alterations(expected, { ...expected, lines: [firstLine, firstLine] }), ['/lines/1']);
  assert.deepEqual(alterations(expected, { ...expected, diagnoses: [] }), ['/diagnoses/0']);
});

test('a member that the schema does not know is shown by its place, never by its name', () => {
  assert.deepEqual(alterations(expected, { ...expected, 张三: 1 }), ['']);
  assert.deepEqual(alterations(expected, withLine({ 'a/b': 1 })), ['/lines/0']);
});

test('whatever is offered, the answer is a bounded list of known places', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (offered) => {
      const pointers = alterations(expected, offered);
      assert.ok(pointers.length > 0 && pointers.length <= 20);
      for (const pointer of pointers) assert.match(pointer, /^(\/([a-zA-Z0-9]+))*$/);
    }),
    { seed: 20250606, numRuns: 300 },
  );
});

test('bytes that are no UTF-8 JSON are nothing', () => {
  assert.deepEqual(readJson(Buffer.from('{"a":1}')), { a: 1 });
  for (const bytes of [Buffer.from('{'), Buffer.from([0x22, 0xff, 0x22]), Buffer.alloc(0)]) {
    assert.equal(readJson(bytes), undefined);
  }
  assert.deepEqual(alterations(expected, undefined), ['']);
});

test('quantities are the shortest decimal text', () => {
  assert.deepEqual([10_000n, 25_000n, 1n].map(quantityText), ['1', '2.5', '0.0001']);
});
