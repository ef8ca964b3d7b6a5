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
  RequestWithdrawal: [{ type: 'RequestWithdrawal', reason: '' }],
  Withdraw: [{ type: 'Withdraw', reason: '' }],
  Expire: [{ type: 'Expire' }],
  Hold: [{ type: 'Hold', reason: '' }],
  Resume: [{ type: 'Resume', signer: 'D2' }],
  BeginReversal: [{ type: 'BeginReversal', saleId: 's1', reason: '' }],
  CompleteReversal: [{ type: 'CompleteReversal', saleId: 'r1' }],
};
/** One waits for its hand-over, another is being taken back. */
const sales = { awaitingHandOver: ['s1'], reversing: ['r1'] };
const optional = { ...terms, consentRequired: false };
const states: Record<Prescription['state'], Prescription[]> = {
  NONE: [{ state: 'NONE' }],
  PRECHECKED: [{ state: 'PRECHECKED', terms }],
  SIGNED: [{ state: 'SIGNED', terms }],
  REVIEWED: [{ state: 'REVIEWED', terms: optional }],
  CONSENTED: [{ state: 'CONSENTED', terms }],
  CIRCULATING: [{ state: 'CIRCULATING', ...sales }],
  LOCKED: [{ state: 'LOCKED', ...sales }],
  PHARMACIST_APPROVED: [{ state: 'PHARMACIST_APPROVED', ...sales }],
  SETTLED: [
    { state: 'SETTLED', ...sales },
    { state: 'SETTLED', awaitingHandOver: ['s1'], reversing: [] },
    { state: 'SETTLED', awaitingHandOver: ['s1', 's2'], reversing: [] },
  ],
  ON_HOLD: [{ state: 'ON_HOLD', ...sales }],
  WITHDRAWN: [{ state: 'WITHDRAWN', ...sales }],
  EXPIRED: [{ state: 'EXPIRED', ...sales }],
  HANDED_OVER: [{ state: 'HANDED_OVER' }],
};

test('SM-4 every command in every state leads where the table says, or is refused and changes nothing', () => {
  const reached: string[] = [];
  for (const from of Object.values(states).flat()) {
    for (const command of Object.values(commands).flat()) {
      if (command.type === 'CompleteReversal' && 'reversing' in from && from.reversing.length === 0) continue;
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

test('HB-37a what no sale left behind is neither handed over nor taken back, and a reversal ends once it began', () => {
  const settled = { state: 'SETTLED', awaitingHandOver: ['s1'], reversing: ['r1'] } as const;
  const ask = (...list: Command[]) => decide(settled, list);
  for (const saleId of ['s2', 'r1']) {
    assert.ok('refused' in ask({ type: 'HandOver', saleId }), saleId);
    assert.ok('refused' in ask({ type: 'BeginReversal', saleId, reason: '' }), saleId);
  }
  assert.ok('refused' in ask({ type: 'CompleteReversal', saleId: 's1' }));
  const begun: Command = { type: 'BeginReversal', saleId: 's1', reason: '' };
  assert.ok('refused' in ask(begun, { type: 'HandOver', saleId: 's1' }));
  const outcome = ask(begun, { type: 'CompleteReversal', saleId: 's1' });
  assert.deepEqual('prescription' in outcome && outcome.prescription, {
    state: 'CIRCULATING',
    awaitingHandOver: [],
    reversing: ['r1'],
  });
});

test('SM-4 with a reversal under way the last hand-over does not end it, for a rest will be open again', () => {
  const outcome = decide({ state: 'SETTLED', awaitingHandOver: ['s1'], reversing: ['r1'] }, [
    { type: 'HandOver', saleId: 's1' },
  ]);
  assert.equal('prescription' in outcome && outcome.prescription.state, 'SETTLED');
});

test('SM-4 whatever dispensing reports: a sale is handed over or taken back, once, and an end is final', () => {
  const ids = ['s1', 's2', 's3'];
  const of = <T extends string>(type: T, more: object = {}) =>
    fc.record({ type: fc.constant(type), saleId: fc.constantFrom(...ids) }).map((it) => ({ ...it, ...more }));
  const reports: fc.Arbitrary<Command> = fc.oneof(
    fc.constantFrom<Command>(...commands.Lock, ...commands.Release, ...commands.Approve, ...commands.Refuse),
    { arbitrary: fc.constantFrom<Command>(...commands.Lock, ...commands.Approve), weight: 3 },
    fc.constantFrom<Command>(...commands.Withdraw, ...commands.Expire, ...commands.Hold, ...commands.Resume),
    of('Sell', { usedUp: false }) as fc.Arbitrary<Command>,
    of('Sell', { usedUp: true }) as fc.Arbitrary<Command>,
    of('HandOver') as fc.Arbitrary<Command>,
    of('BeginReversal', { reason: '' }) as fc.Arbitrary<Command>,
    of('CompleteReversal') as fc.Arbitrary<Command>,
  );
  const ends: readonly string[] = ['WITHDRAWN', 'EXPIRED'];
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 40 }), (list) => {
      let current: Prescription = { state: 'CIRCULATING', awaitingHandOver: [], reversing: [] };
      const balance = new Map<string, number>();
      const count = (saleId: string, by: number) => balance.set(saleId, (balance.get(saleId) ?? 0) + by);
      for (const command of list) {
        const outcome = decide(current, [command]);
        if ('refused' in outcome) continue;
        assert.notEqual(current.state, 'HANDED_OVER');
        if (ends.includes(current.state)) assert.equal(outcome.prescription.state, current.state);
        if (command.type === 'Sell') count(command.saleId, 1);
        if (command.type === 'HandOver' || command.type === 'CompleteReversal') count(command.saleId, -1);
        current = outcome.prescription;
        const { awaitingHandOver = [], reversing = [] } = 'awaitingHandOver' in current ? current : {};
        for (const [saleId, open] of balance) {
          assert.equal(open > 0, awaitingHandOver.includes(saleId) || reversing.includes(saleId), saleId);
        }
      }
    }),
    { seed: 20250607, numRuns: 500 },
  );
});
