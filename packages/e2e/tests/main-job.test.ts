import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Allotment,
  cast,
  castLastAct,
  Director,
  importStock,
  lastAct,
  plain,
  playLastAct,
  run,
  type Stage,
  special,
} from '@erx/sandbox';
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
  'two-lines': 'CX-22c two lines of two products are sold and settled in one step',
  reissued: 'HB-28a a hospital reads why the pharmacist refused, withdraws, and issues anew with a link',
  'withdrawn-before-lock': 'SM-4 a withdrawn prescription is refused PRESCRIPTION_WITHDRAWN with the reason',
  'withdrawn-before-arrival': 'SM-4 a withdrawal that arrives before the prescription keeps it from every counter',
  'withdrawn-during-lock': 'SM-4 a withdrawal ends a lock and the pharmacy is told at its next step',
  'withdrawn-during-sale': 'SM-4 a withdrawal waits for a sale in flight and takes the rest',
  'withdrawn-after-part': 'SM-4 after a sold part a withdrawal takes the rest and the sold part is handed over',
  'reversed-in-stock': 'SM-7a a reversed sale gives back money, packs and quantity, and all of it is sold again',
  'reversed-left-counter': 'SM-11 a pack that left the counter is quarantined by the reversal',
  'reversal-after-hand-over': 'SM-7a after the hand-over a reversal is refused INVALID_STATE_TRANSITION',
  'agent-collects': 'HB-24a an agent with both identities collects, and the register says so',
  'agent-unverified': 'HB-24a an agent without either identity is refused AGENT_IDENTITY_UNVERIFIED',
  'agent-without-contact': 'HB-24c an agent who cannot be reached is refused AGENT_CONTACT_MISSING',
  'agent-without-signature': 'HB-24d an agent who has not signed the list is refused AGENT_SIGNATURE_MISSING',
  'recalled-batch': 'CX-14-3d packs of a recalled batch are stopped at the sale and at the hand-over',
  'quality-return': 'CX-14-3d a pack that comes back for its quality is quarantined and gives no quantity back',
  'sold-code-reappears': 'CX-29b a sold code on another delivery is refused, and both sides are on record',
  'opened-box': 'CX-14-3c a pack is sold out of an opened box and not out of a closed one',
  'hundred-locks': 'GJ-6b a hundred tills of all eligible pharmacies lock at the same instant and one wins',
  'two-sales-of-one': 'SM-7a two sales of one patient at once take one deductible and stay below one ceiling',
  'signature-flipped-bit': 'CX-28a a signature with one flipped bit is refused DOCTOR_SIGNATURE_INVALID',
  'signature-other-key': 'CX-28a a signature by another key is refused DOCTOR_SIGNATURE_INVALID',
  'signature-former-key': 'CX-28a a key that was not valid at signing time is refused DOCTOR_SIGNATURE_INVALID',
  'signature-not-admitted': 'HB-42a a signer who is not admitted is refused DOCTOR_SIGNATURE_INVALID',
  'signature-other-content': 'CX-28a a right signature over other content is refused DOCTOR_SIGNATURE_INVALID',
  'signature-other-prescription': 'CX-28a a document signed for another prescription is refused PRESCRIPTION_TAMPERED',
  'forged-credential': 'CX-28b a credential that the authority did not sign is refused CREDENTIAL_INVALID',
  'foreign-grant': 'HB-23a a grant of another pharmacy is refused GRANT_INVALID',
  'out-of-region': 'GX-2-1d a pharmacy of another pooling region is refused PRESCRIPTION_OUT_OF_POOLING_REGION',
  'remote-unfiled': 'JL-3-2c a remote patient without a filing is refused REMOTE_FILING_REQUIRED',
  'remote-filed': 'JL-3-2c a remote patient with a filing settles under the plan at home',
  'unlicensed-pharmacist': 'CX-14-1b a pharmacist without licence is refused PHARMACIST_NOT_LICENSED',
  'clerk-signs': 'CX-14-1b a review signed by a clerk is refused PHARMACIST_SIGNATURE_INVALID',
  'quantity-over-rest': 'SM-4 more than what is left is refused QTY_OVER_LIMIT',
  'cross-sell': 'CX-14-4b a pack beside the prescription is refused CROSS_SELL_FORBIDDEN',
  'repeat-while-running': 'HB-37a a repeat while the first still runs gets the answer of the same sale',
  'asks-for-outcome': 'HB-37a a till that lost the answer asks for the outcome',
  'held-and-released': 'HB-22-0 a revoked signer puts a prescription on hold until another admitted doctor signs',
  'expired-grant': 'HB-23a a grant is over after thirty minutes of business time',
  'lock-times-out': 'SM-4 the sweep ends a lock after 24 hours and another pharmacy fills',
  expires: 'SM-4 the sweep expires a prescription at the end of its validity',
  'rest-expires': 'SM-4 the rest of a partly filled prescription expires',
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
  const names = ['plain', ...[...special, ...lastAct].map(({ name }) => name)];
  assert.deepEqual(Object.keys(guarantees).sort(), names.sort());
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

// They move the clock: after everything else.
for (const kind of lastAct) {
  test(guarantees[kind.name] ?? kind.name, async () => {
    const allotment = new Allotment(sandbox.world.pharmacies, shelf);
    const parts = castLastAct([kind], new Director(sandbox.world, allotment, `e2e/${kind.name}`), 1);
    shelf = allotment.shelf;
    await importStock(sandbox.authority, allotment.orders());
    await playLastAct(sandbox.stage, sandbox.authority, parts, ({ expected, got }) => assert.equal(got, expected));
  });
}

test('HB-44 after all plays the books balance', async () => {
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.ok(balanced, lines.join('\n'));
});
