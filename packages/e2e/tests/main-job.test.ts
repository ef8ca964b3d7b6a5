import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Allotment, cast, Director, importStock, plain, run, type Stage, special } from '@erx/sandbox';
import { booksOf } from '../src/books-of.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

/** What each kind of play proves. */
const guarantees: Record<string, string> = {
  plain: 'GJ-6b a signed prescription reaches a pharmacy, is reviewed, sold, settled, handed over and read back',
  'patient-chooses': 'GX-2-1d the patient is offered every pharmacy that may fill the prescription and no other',
  released: 'SM-4 a released prescription can be taken by another pharmacy',
  'pharmacist-refuses': 'HB-28a a refusal in the review puts the prescription back into circulation',
  'two-visits': 'SM-4 the rest of a partly filled prescription is filled at another pharmacy',
  'partly-filled': 'SM-4 one pack is bought and the other stays open',
  'left-open': 'SM-4 an approved prescription that nobody buys stays approved',
  'doctor-not-filed': 'HB-42a a doctor outside the scheme is refused DOCTOR_NOT_FILED',
  'off-scope': 'CX-21d a diagnosis outside the limited scope is refused OFF_PAYMENT_SCOPE',
  'drug-not-in-scheme': 'HB-3a a drug that left the list is refused DRUG_NOT_IN_SCHEME',
  'insured-inactive': 'HB-2a a person whose insurance is suspended is refused INSURED_STATUS_INACTIVE',
  'filing-in-progress': 'HB-7a a filing that is not effective is refused QUALIFICATION_NOT_EFFECTIVE',
  'tampered-document': 'CX-28a a document changed after signing is refused PRESCRIPTION_TAMPERED',
  'consent-flag-only': 'CX-21h a consent without evidence is refused PATIENT_CONSENT_MISSING',
  'wrong-person': 'HB-24b somebody else’s prescription is refused PRESCRIPTION_PATIENT_MISMATCH',
  'not-dual-pharmacy': 'AS-05 a pharmacy outside the scheme is refused PHARMACY_NOT_DUAL_CHANNEL',
  'two-pharmacies': 'GJ-6b two pharmacies lock at the same instant and one wins',
  'already-used': 'GX-3b a used prescription is refused PRESCRIPTION_ALREADY_USED',
  'review-missing': 'HB-28a a quote before the review is refused PHARMACIST_REVIEW_MISSING',
  'history-not-viewed': 'HB-28b a review without viewed history is refused HISTORY_NOT_VIEWED',
  'trace-missing': 'CX-14-3c a sale without scanned codes is refused TRACE_CODE_MISSING',
  'trace-malformed': 'CX-14-3c a code of 19 digits is refused TRACE_CODE_MALFORMED',
  'trace-unknown': 'CX-14-3c a code that nobody received is refused TRACE_CODE_UNKNOWN',
  'trace-duplicate': 'CX-14-3c a code that was sold is refused TRACE_CODE_DUPLICATE',
  'trace-product-mismatch': 'CX-14-3c a pack of another product is refused TRACE_CODE_PRODUCT_MISMATCH',
  'trace-not-held': 'CX-14-3c a pack of another pharmacy is refused TRACE_CODE_NOT_HELD',
  'two-tills': 'AS-07 two tills scan one pack at the same instant and one wins',
  'price-above-standard': 'HB-19-5 a negotiated drug above the standard is refused PRICE_ABOVE_PAYMENT_STANDARD',
  'price-split': 'CX-26b the price of another drug above the standard falls to the patient',
  'stale-quote': 'CX-22c a quote that is no longer true is refused SETTLE_QUOTE_STALE',
  'foreign-quote': 'CX-22c a quote for something else is refused SETTLE_QUOTE_STALE',
  'lost-answer': 'HB-37a a till that lost the answer repeats and gets the first answer',
  'same-key-other-content': 'HB-37a a key used for other content is refused IDEMPOTENCY_KEY_REUSED',
};

let sandbox: SandboxInProcess;
let stage: Stage;
/** One shelf for all kinds, so that no package is cast twice. */
let shelf: Allotment['shelf'] = {};

before(async () => {
  sandbox = await startSandboxInProcess();
  stage = await sandbox.stage();
});
after(() => sandbox?.[Symbol.asyncDispose]());

test('every kind of play of the demo is named here with what it proves', () => {
  assert.deepEqual(Object.keys(guarantees).sort(), ['plain', ...special.map(({ name }) => name)].sort());
});

for (const kind of [plain, ...special]) {
  test(guarantees[kind.name] ?? kind.name, async () => {
    const allotment = new Allotment(sandbox.world.pharmacies, shelf);
    const plays = cast([kind], new Director(sandbox.world, allotment, `e2e/${kind.name}`));
    shelf = allotment.shelf;
    await importStock(sandbox.authority, allotment.orders());
    await run(stage, plays, 1, ({ expected, got }) => assert.equal(got, expected));
  });
}

test('HB-44 after all plays the books balance', async () => {
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.ok(balanced, lines.join('\n'));
});
