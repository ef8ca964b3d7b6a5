import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decide } from './decide.ts';
import type { Command, Prescription, Proof, Terms } from './prescription.ts';
import { stepsOf } from './steps.ts';
import { termsOf } from './terms.ts';
import { isAllowed, transitions } from './transitions.ts';

const validUntil = new Date('2025-06-09T09:30:00+08:00');
const terms: Terms = termsOf(
  {
    prescriptionId: 'p',
    hiRxno: 'n',
    rxTraceCode: 't',
    hospitalId: 'H',
    doctorId: 'D',
    personId: 'P',
    category: '11',
    prescribedAt: new Date('2025-06-06T09:30:00+08:00'),
    validUntil,
    consentRequired: true,
  },
  [],
  [],
);
const proof = (signer: string, bytesSm3 = 'sm3'): Proof => ({ signer, bytesSm3, result: 'VALID' });
const document = { personId: 'P', medicalPart: terms.medicalPart, sm3: 'sm3' };
const at = new Date('2025-06-06T09:40:00+08:00');

const commands: Record<Command['type'], Command[]> = {
  Precheck: [{ type: 'Precheck', terms }],
  Sign: [{ type: 'Sign', document, proof: proof('D'), at }],
  Review: [{ type: 'Review', proof: proof('Y') }],
  Consent: [{ type: 'Consent', proof: proof('P') }],
  Circulate: [{ type: 'Circulate' }],
  Lock: [{ type: 'Lock' }],
  Release: [{ type: 'Release', reason: '' }],
  Approve: [{ type: 'Approve', signer: 'YS' }],
  Refuse: [{ type: 'Refuse', signer: 'YS', reason: '' }],
  Sell: [
    { type: 'Sell', saleId: 's1', usedUp: false },
    { type: 'Sell', saleId: 's1', usedUp: true },
  ],
  HandOver: [{ type: 'HandOver', saleId: 's1' }],
};
const optional = { ...terms, consentRequired: false };
const states: Record<Prescription['state'], Prescription[]> = {
  NONE: [{ state: 'NONE' }],
  PRECHECKED: [{ state: 'PRECHECKED', terms }],
  SIGNED: [{ state: 'SIGNED', terms }],
  REVIEWED: [{ state: 'REVIEWED', terms: optional }],
  CONSENTED: [{ state: 'CONSENTED', terms }],
  CIRCULATING: [{ state: 'CIRCULATING', awaitingHandOver: ['s1'] }],
  LOCKED: [{ state: 'LOCKED', awaitingHandOver: ['s1'] }],
  PHARMACIST_APPROVED: [{ state: 'PHARMACIST_APPROVED', awaitingHandOver: ['s1'] }],
  SETTLED: [
    { state: 'SETTLED', awaitingHandOver: ['s1'] },
    { state: 'SETTLED', awaitingHandOver: ['s1', 's2'] },
  ],
  HANDED_OVER: [{ state: 'HANDED_OVER' }],
};

test('SM-4 every command in every state leads where the table says, or is refused and changes nothing', () => {
  const reached: string[] = [];
  for (const from of Object.values(states).flat()) {
    for (const command of Object.values(commands).flat()) {
      const outcome = decide(from, [command]);
      const place = `${from.state} ${command.type}`;
      if ('refused' in outcome) {
        assert.ok(!isAllowed(from.state, command.type), place);
        assert.deepEqual(outcome.refused, [
          { code: 'INVALID_STATE_TRANSITION', detail: { state: from.state, command: command.type } },
        ]);
      } else {
        assert.ok(isAllowed(from.state, command.type), place);
        assert.ok(outcome.events.flatMap(stepsOf).length > 0, place);
        reached.push(`${place} ${outcome.prescription.state}`);
      }
    }
  }
  const table = transitions.map(({ from, command, to }) => `${from} ${command} ${to}`);
  assert.deepEqual([...new Set(reached)].toSorted(), table.toSorted());
});

const sign = (change: Partial<Command & { type: 'Sign' }>): Command => ({
  type: 'Sign',
  document,
  proof: proof('D'),
  at,
  ...change,
});
const codesOf = (...list: Command[]) => {
  const outcome = decide({ state: 'PRECHECKED', terms }, list);
  return 'refused' in outcome ? outcome.refused.map(({ code }) => code) : [];
};

test('HB-42a a signature counts from the doctor of the pre-check, over this document, when it is valid', () => {
  assert.deepEqual(codesOf(sign({})), []);
  for (const wrong of [undefined, proof('X'), proof('D', 'other'), { ...proof('D'), result: 'INVALID' }]) {
    assert.deepEqual(codesOf(sign({ proof: wrong })), ['DOCTOR_SIGNATURE_INVALID']);
  }
});

test('CX-28c a document about another person or with other content is PRESCRIPTION_TAMPERED', () => {
  assert.deepEqual(codesOf(sign({ document: { ...document, personId: 'other' } })), ['PRESCRIPTION_TAMPERED']);
  const medicalPart = { ...terms.medicalPart, category: '110202' };
  assert.deepEqual(codesOf(sign({ document: { ...document, medicalPart } })), ['PRESCRIPTION_TAMPERED']);
});

test('the end of validity does not count any more', () => {
  assert.deepEqual(codesOf(sign({ at: validUntil })), ['PRESCRIPTION_EXPIRED']);
  assert.deepEqual(codesOf(sign({ at: new Date(validUntil.getTime() - 1) })), []);
});

test('everything that is wrong with an upload is said at once', () => {
  const all = codesOf(
    sign({ at: validUntil, proof: undefined, document: { ...document, personId: 'X' } }),
    {
      type: 'Review',
      proof: undefined,
    },
    { type: 'Circulate' },
  );
  assert.deepEqual(all, [
    'PRESCRIPTION_EXPIRED',
    'PRESCRIPTION_TAMPERED',
    'DOCTOR_SIGNATURE_INVALID',
    'REVIEW_MISSING',
    'PATIENT_CONSENT_MISSING',
  ]);
});

test('CX-21h without consent only a prescription of a region that does not ask for it circulates', () => {
  const way: Command[] = [sign({}), { type: 'Review', proof: proof('Y') }, { type: 'Circulate' }];
  assert.deepEqual(codesOf(...way), ['PATIENT_CONSENT_MISSING']);
  const outcome = decide({ state: 'PRECHECKED', terms: optional }, way);
  assert.equal('prescription' in outcome && outcome.prescription.state, 'CIRCULATING');
});

test('a hand-over of packages that no sale left behind is refused', () => {
  const outcome = decide({ state: 'SETTLED', awaitingHandOver: ['s1'] }, [{ type: 'HandOver', saleId: 's2' }]);
  assert.ok('refused' in outcome);
});

test('SM-4 whatever dispensing reports: every sale is handed over once, and nothing follows the last hand-over', () => {
  const sales = ['s1', 's2', 's3'];
  const reports = fc.oneof(
    fc.constantFrom<Command>(...commands.Lock, ...commands.Release, ...commands.Approve, ...commands.Refuse),
    fc.record({ type: fc.constant('Sell' as const), saleId: fc.constantFrom(...sales), usedUp: fc.boolean() }),
    fc.record({ type: fc.constant('HandOver' as const), saleId: fc.constantFrom(...sales) }),
  );
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 40 }), (list) => {
      let current: Prescription = { state: 'CIRCULATING', awaitingHandOver: [] };
      const balance = new Map<string, number>();
      for (const command of list) {
        const outcome = decide(current, [command]);
        if ('refused' in outcome) continue;
        assert.notEqual(current.state, 'HANDED_OVER');
        if (command.type === 'Sell') balance.set(command.saleId, (balance.get(command.saleId) ?? 0) + 1);
        if (command.type === 'HandOver') balance.set(command.saleId, (balance.get(command.saleId) ?? 0) - 1);
        current = outcome.prescription;
        for (const [saleId, open] of balance) {
          const awaited = 'awaitingHandOver' in current && current.awaitingHandOver.includes(saleId);
          assert.equal(open > 0, awaited, saleId);
        }
      }
    }),
    { seed: 20250607, numRuns: 500 },
  );
});
