import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefused, type Refusal, type Refused } from '@erx/errors';
import { basisOf, priceProblems } from './basis.ts';
import { patientProblem } from './patient.ts';
import { receiptProblems } from './receipt.ts';
import { scanProblems } from './scan.ts';

const quoted = (lineNo: number, packs: bigint) => ({ lineNo, quantity: packs * 10_000n, unitPrice: 1_000_000n });
const written = [{ lineNo: 1 }, { lineNo: 2 }];
const shown = (refused: readonly Refusal[]) => refused.map(({ code, field }) => `${code} ${field}`);
const code = (outcome: Refused | undefined) => (isRefused(outcome) ? outcome.refused[0]?.code : undefined);
const signed = { signatureSealed: new Uint8Array([1]), signaturePersonId: 'a', listSm3: 'x' };

describe('what is scanned', () => {
  test('CX-14-3c one code for every pack that was quoted, no more and no fewer', () => {
    const offers = [quoted(1, 2n), quoted(2, 1n)];
    assert.deepEqual(
      scanProblems(written, offers, [
        { lineNo: 1, traceCodes: ['a', 'b'] },
        { lineNo: 2, traceCodes: ['c'] },
      ]),
      [],
    );
    const short = scanProblems(written, offers, [{ lineNo: 1, traceCodes: ['a'] }]);
    assert.deepEqual(short, [
      {
        code: 'TRACE_CODE_MISSING',
        field: '/lines/0/traceCodes',
        detail: { lineNo: '1', packs: '2', scanned: '1' },
      },
      { code: 'TRACE_CODE_MISSING', field: '/lines', detail: { lineNo: '2', packs: '1', scanned: '0' } },
    ]);
    const long = scanProblems(written, [quoted(1, 1n)], [{ lineNo: 1, traceCodes: ['a', 'b'] }]);
    assert.deepEqual(shown(long), ['TRACE_CODE_MISSING /lines/0/traceCodes']);
  });

  test('CX-14-4b nothing beside the prescription, nothing beside the quote, no line twice', () => {
    const problems = scanProblems(
      written,
      [quoted(1, 1n)],
      [
        { lineNo: 9, traceCodes: ['a'] },
        { lineNo: 2, traceCodes: ['b'] },
        { lineNo: 1, traceCodes: ['c'] },
        { lineNo: 1, traceCodes: ['d'] },
      ],
    );
    assert.deepEqual(shown(problems), [
      'CROSS_SELL_FORBIDDEN /lines/0/lineNo',
      'REQUEST_INVALID /lines/1/lineNo',
      'REQUEST_INVALID /lines/3/lineNo',
    ]);
  });
});

describe('who stands at the counter', () => {
  const stranger = { present: 'b', prescribedFor: 'a' };

  test('HB-24b only who knows the prescription hears that it is another person’s', () => {
    assert.equal(patientProblem({ ...stranger, present: 'a', holdsLock: false, showsQr: false }), undefined);
    const not = (holdsLock: boolean, showsQr: boolean) => code(patientProblem({ ...stranger, holdsLock, showsQr }));
    assert.equal(not(false, false), 'PRESCRIPTION_NOT_FOUND');
    assert.equal(not(true, false), 'PRESCRIPTION_PATIENT_MISMATCH');
    assert.equal(not(false, true), 'PRESCRIPTION_PATIENT_MISMATCH');
  });

  test('HB-29b the recipient signs, and signs this list', () => {
    const patient = { personId: 'a', isAgent: false };
    const unsigned = { ...signed, signatureSealed: new Uint8Array() };
    assert.deepEqual(receiptProblems(signed, patient, 'x'), []);
    assert.deepEqual(shown(receiptProblems(signed, { ...patient, personId: 'b' }, 'x')), [
      'HANDOVER_SIGNATURE_MISSING /signatureImage',
    ]);
    assert.deepEqual(shown(receiptProblems(unsigned, patient, 'x')), ['HANDOVER_SIGNATURE_MISSING /signatureImage']);
    assert.deepEqual(shown(receiptProblems(signed, patient, 'y')), ['SIGNATURE_NOT_BOUND /listSm3']);
    assert.deepEqual(shown(receiptProblems(signed, patient, undefined)), ['SIGNATURE_NOT_BOUND /listSm3']);
  });

  test('HB-24d an agent who takes the packs has signed the list; the patient’s signature does not replace it', () => {
    const agent = { personId: 'agent', isAgent: true };
    assert.deepEqual(shown(receiptProblems(signed, agent, 'x')), ['AGENT_SIGNATURE_MISSING /signatureImage']);
    assert.deepEqual(receiptProblems({ ...signed, signaturePersonId: 'agent' }, agent, 'x'), []);
  });
});

describe('what settlement is asked', () => {
  const insurance = {
    personId: 'a',
    poolingRegion: '420100',
    insuranceType: '310',
    active: true,
    remoteFilingRegions: [],
  };
  const issued = {
    prescriptionId: 'rx',
    hospitalId: 'H',
    category: '110202',
    prescribedAt: new Date(0),
    written: [{ lineNo: 1, drugCode: 'D1', drugClass: 'SEPARATE_PAY' }],
  };

  test('HB-34a both categories and the class at the time of issue go into the basis', () => {
    const basis = basisOf(issued, { pharmacyId: 'P', insurance, category: '11', lines: [quoted(1, 2n)] });
    assert.equal(basis.category, '11');
    assert.equal(basis.prescribedCategory, '110202');
    assert.deepEqual(basis.lines, [{ ...quoted(1, 2n), drugCode: 'D1', drugClass: 'SEPARATE_PAY' }]);
    assert.throws(() => basisOf(issued, { pharmacyId: 'P', insurance, category: '11', lines: [quoted(2, 1n)] }));
  });

  test('CX-26b a price is positive and within reason', () => {
    const priced = (unitPrice: bigint) => ({ ...quoted(1, 1n), unitPrice });
    const prices = [priced(0n), priced(1n), priced(-1n), priced(10n ** 13n), priced(10n ** 13n + 1n)];
    assert.deepEqual(shown(priceProblems(prices)), [
      'REQUEST_INVALID /lines/0/unitPrice',
      'REQUEST_INVALID /lines/2/unitPrice',
      'REQUEST_INVALID /lines/4/unitPrice',
    ]);
  });
});
