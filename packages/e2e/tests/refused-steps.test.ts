import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { untilQuiet } from '@erx/hub/books';
import { type Answer, fill, fixtureOf, IdentityAuthority, prescribe, type Scene, type Visit } from '@erx/sandbox';
import { codesOf } from '../src/codes.ts';
import { changedTables, type Fingerprint, fingerprint, type Ignored } from '../src/fingerprint.ts';
import { fixtureVisit, packageOf } from '../src/fixture-visit.ts';
import { type OpenedDatabases, openDatabases } from '../src/open-databases.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

const PATIENCE_MS = 60_000;

/** A refusal's own record: the event, until and after audit has it; and what is no effect of any step. */
const OWN_RECORD = /^audit\.|\.outbox$|\.read_copy$|^gateway\.oidc_record$/;

/** A sale that packs or money refuse is on record as an attempt: begun, given up, closed for its id in both places. */
const ATTEMPT = [
  'dispensing.sale',
  'dispensing.sale_line',
  'issuing.inbox',
  'settlement.inbox',
  'settlement.settlement',
  'settlement.settlement_step',
  'traceability.inbox',
  'traceability.reservation',
];
const CONFLICT = ['traceability.code_conflict'];
const QUARANTINE = [
  'traceability.custody',
  'traceability.movement',
  'traceability.stock_now',
  'traceability.trace_code',
];
/** The prescription has seen the attempt: nothing else of it changes. */
const AFTER_ATTEMPT = { 'dispensing.prescription': ['version', 'last_event_id'] };

const stack = new AsyncDisposableStack();
let sandbox: SandboxInProcess;
let databases: OpenedDatabases;
let scene: Scene;

before(async () => {
  sandbox = stack.use(await startSandboxInProcess('2025-06-06T09:00:00+08:00'));
  databases = stack.use(openDatabases(sandbox.hub));
  scene = await sandbox.scene();
});
after(() => stack.disposeAsync());

const visitOf = (serial: number, cast: Partial<Parameters<typeof fixtureVisit>[1]> = {}): Visit =>
  fixtureVisit(sandbox.world, {
    person: 'PT1',
    doctor: 'DR1',
    drug: 'D1',
    pharmacy: 'P1',
    serials: [serial],
    ...cast,
  });
const pharmacy = (name: string) => scene.pharmacy(fixtureOf(sandbox.world.pharmacies, name));
const pack = (serial: number, drug = 'D1', at = 'P1'): string => packageOf(sandbox.world, drug, at, serial);
const counterAt = (visit: Visit, name: string) => ({
  ...visit.counter,
  pharmacy: fixtureOf(sandbox.world.pharmacies, name),
});

/** `ignored`: columns that are not looked at. */
async function atRest(ignored: Ignored = {}): Promise<Fingerprint> {
  await untilQuiet(databases.sqls, PATIENCE_MS);
  return fingerprint(databases.sqls, ignored);
}

function changes(earlier: Fingerprint, later: Fingerprint): string[] {
  return changedTables(earlier, later).filter((table) => !OWN_RECORD.test(table));
}

type Step = [code: string, act: () => Promise<Answer<unknown>>, record?: readonly string[]];

/** Each is refused with exactly this code, and of all tables exactly those of its `record` differ afterwards. */
async function refuse(steps: readonly Step[], ignored: Ignored = {}): Promise<void> {
  let earlier = await atRest(ignored);
  for (const [code, act, record = []] of steps) {
    const codes = codesOf(await act());
    const later = await atRest(ignored);
    const changed = changes(earlier, later);
    assert.deepEqual({ codes, changed }, { codes: [code], changed: [...record].sort() });
    earlier = later;
  }
}

/** A prescription at the till of its pharmacy, approved; what is asked for there. */
async function atTheTill(visit: Visit) {
  const issued = await prescribe.prescribe(scene, visit);
  const grantId = await fill.takeIn(scene, visit, issued);
  const { quoteToken } = await fill.quote(scene, visit, issued, visit.counter, grantId, fill.basketOf(visit));
  const scan = (lines: { lineNo: number; traceCodes: string[] }[], key = randomUUID()) =>
    fill.trySale(scene, issued, visit.counter, { grantId, quoteToken, lines }, key);
  return { visit, issued, grantId, quoteToken, scan };
}

test('GJ-6b what takes effect is seen: a lock changes the prescription and the answers that are kept', async () => {
  const visit = visitOf(1);
  const issued = await prescribe.prescribe(scene, visit);
  const grantId = await fill.arrive(scene, prescribe.patientOf(visit), visit.counter);
  await fill.find(scene, issued, visit.counter, grantId);
  const earlier = await atRest();
  await fill.lock(scene, issued, visit.counter, grantId);
  assert.deepEqual(changes(earlier, await atRest()), [
    'dispensing.client_request',
    'dispensing.prescription',
    'issuing.inbox',
    'issuing.prescription',
    'issuing.step',
    'settlement.inbox',
    'traceability.inbox',
  ]);
});

test('HB-42a a pre-check that is refused leaves no prescription and no number', async () => {
  const visit = visitOf(2);
  const elsewhere = { ...prescribe.prescribedIn(scene, visit), diagnoses: [{ code: 'J18.900', name: '肺炎' }] };
  await refuse([
    ['DOCTOR_NOT_FILED', () => prescribe.precheck(scene, visitOf(2, { doctor: 'DR2' }))],
    ['OFF_PAYMENT_SCOPE', () => prescribe.precheck(scene, visit, elsewhere)],
  ]);
});

test('CX-28a an upload whose document, signature or consent is wrong leaves the pre-check as it was', async () => {
  const visit = visitOf(2);
  const prescribed = prescribe.prescribedIn(scene, visit);
  const prechecked = await prescribe.precheck(scene, visit, prescribed);
  assert.ok(prechecked.ok);
  const document = prescribe.doctorSigns(visit, prescribed, prechecked.body);
  const evidence = prescribe.evidenceFor(scene, visit, prechecked.body, document);
  const upload = (signed: typeof document, proofs: typeof evidence) =>
    prescribe.send(scene, visit, prechecked.body, signed, proofs);
  const other = prescribe.doctorSigns(visit, { ...prescribed, category: '11' }, prechecked.body);
  const proved = prescribe.evidenceFor(scene, visit, prechecked.body, other);
  const forged = evidence.map((proof) =>
    proof.role === 'DOCTOR' ? { ...proof, signature: Buffer.alloc(64, 1).toString('base64') } : proof,
  );
  const unasked = evidence.filter(({ role }) => role !== 'PATIENT_CONSENT');
  await refuse([
    ['PRESCRIPTION_TAMPERED', () => upload(other, proved)],
    ['DOCTOR_SIGNATURE_INVALID', () => upload(document, forged)],
    ['PATIENT_CONSENT_MISSING', () => upload(document, unasked)],
  ]);
});

test('HB-23a an identity check that is refused gives no grant and leaves no person', async () => {
  const visit = visitOf(2);
  const { institutionId } = visit.counter.pharmacy.record;
  const person = prescribe.patientOf(visit);
  const card = (seen = {}) => scene.identityAuthority.credential(person, institutionId, scene.now(), seen);
  const forger = new IdentityAuthority(
    sandbox.world.identityAuthority.record.institutionId,
    visit.doctor.signer.privateKey,
  );
  const forged = forger.credential(person, institutionId, scene.now());
  const errand = { relation: 'CHILD', phone: '13800000000' } as const;
  await refuse([
    ['CREDENTIAL_INVALID', () => pharmacy('P1').checkIdentity(forged)],
    ['IDENTITY_MISMATCH', () => pharmacy('P1').checkIdentity(card({ faceMatch: false }))],
    ['AGENT_IDENTITY_UNVERIFIED', () => pharmacy('P1').checkIdentity(card(), errand)],
  ]);
});

test('GJ-6b a lock that is refused leaves the prescription to whom it belongs', async () => {
  const visit = visitOf(2);
  const issued = await prescribe.prescribe(scene, visit);
  const { prescriptionId, qr } = issued;
  const comeTo = (name: string, person = prescribe.patientOf(visit)) =>
    fill.arrive(scene, person, counterAt(visit, name));
  const atP1 = await comeTo('P1');
  const atP2 = await comeTo('P2');
  const atP9 = await comeTo('P9');
  const stranger = await comeTo('P1', prescribe.patientOf(visitOf(2, { person: 'PT2' })));
  await refuse([
    ['PHARMACY_NOT_DUAL_CHANNEL', () => pharmacy('P2').lock(prescriptionId, atP2, qr)],
    ['GRANT_INVALID', () => pharmacy('P1').lock(prescriptionId, atP9, qr)],
    ['PRESCRIPTION_NOT_FOUND', () => pharmacy('P1').lock(prescriptionId, stranger)],
    ['PRESCRIPTION_PATIENT_MISMATCH', () => pharmacy('P1').lock(prescriptionId, stranger, qr)],
  ]);
  await fill.lock(scene, issued, visit.counter, atP1);
  await refuse([['PRESCRIPTION_LOCKED_BY_OTHER', () => pharmacy('P9').lock(prescriptionId, atP9, qr)]]);
});

test('HB-28b a review that is refused leaves the prescription locked and unreviewed', async () => {
  const visit = visitOf(3);
  const issued = await prescribe.prescribe(scene, visit);
  const grantId = await fill.arrive(scene, prescribe.patientOf(visit), visit.counter);
  await fill.find(scene, issued, visit.counter, grantId);
  await fill.lock(scene, issued, visit.counter, grantId);
  const { practitionerId } = visit.counter.pharmacist.record;
  const review = fill.pharmacistSigns(scene, issued, visit.counter);
  const nobody = visit.doctor.record.practitionerId;
  const send = () => pharmacy('P1').review(issued.prescriptionId, practitionerId, review);
  await refuse([
    ['HISTORY_NOT_VIEWED', send],
    [
      'PHARMACIST_REVIEW_MISSING',
      () => fill.askQuote(scene, visit, issued, visit.counter, grantId, fill.basketOf(visit)),
    ],
    ['PHARMACIST_NOT_LICENSED', () => pharmacy('P1').history(issued.prescriptionId, grantId, nobody)],
  ]);
});

test('CX-14-4b a quote or a scan that is refused at the counter begins no sale', async () => {
  const till = await atTheTill(visitOf(4));
  const { visit, issued, grantId, scan } = till;
  const ask = (change: object) =>
    fill.askQuote(
      scene,
      visit,
      issued,
      visit.counter,
      grantId,
      fill.basketOf(visit).map((line) => ({ ...line, ...change })),
    );
  const lines = [{ lineNo: 1, traceCodes: [pack(4)] }];
  const stale = { grantId, quoteToken: 'x', lines };
  await refuse([
    ['PRICE_ABOVE_PAYMENT_STANDARD', () => ask({ unitPrice: '5581.00' })],
    ['QTY_OVER_LIMIT', () => ask({ packs: 2 })],
    ['TRACE_CODE_MISSING', () => scan([{ lineNo: 1, traceCodes: [] }])],
    ['CROSS_SELL_FORBIDDEN', () => scan([...lines, { lineNo: 2, traceCodes: [pack(1, 'D3')] }])],
    ['SETTLE_QUOTE_STALE', () => fill.trySale(scene, issued, visit.counter, stale)],
  ]);
});

test('CX-14-3c a sale that its packs refuse is on record as an attempt, and nothing else of it stays', async () => {
  const sold = visitOf(5);
  await fill.fill(scene, sold, await prescribe.prescribe(scene, sold));
  const { scan } = await atTheTill(visitOf(6));
  const attempt = (code: string, traceCode: string, more: string[] = []): Step => [
    code,
    () => scan([{ lineNo: 1, traceCodes: [traceCode] }]),
    [...ATTEMPT, ...more],
  ];
  const steps = [
    attempt('TRACE_CODE_MALFORMED', pack(6).slice(1)),
    attempt('TRACE_CODE_UNKNOWN', '81000019999999999999'),
    attempt('TRACE_CODE_PRODUCT_MISMATCH', pack(1, 'D3')),
    attempt('TRACE_CODE_NOT_HELD', pack(1, 'D1', 'P9'), CONFLICT),
    attempt('TRACE_CODE_DUPLICATE', pack(5), CONFLICT),
  ];
  await refuse(steps, AFTER_ATTEMPT);
});

test('AS-07 8 a delivery that brings a sold pack books nothing; the pack is quarantined and the conflict recorded', async () => {
  const note = {
    noteId: 'SNAPSHOT',
    drugCode: fixtureOf(sandbox.world.drugs, 'D1').record.drugCode,
    batchNo: 'SNAPSHOT',
    expiresOn: '2036-12-31',
    traceCodes: [pack(5), '81000019999999999998'],
  };
  const movement = { noteId: 'SNAPSHOT', kind: 'LOSS', traceCodes: [pack(7)], reason: '盘亏' };
  const receive = () => pharmacy('P9').receive([note], 'ALL_OR_NOTHING');
  await refuse([
    ['TRACE_CODE_DUPLICATE', receive, [...CONFLICT, ...QUARANTINE]],
    // Once more it is no news.
    ['TRACE_CODE_DUPLICATE', receive],
    ['TRACE_CODE_NOT_HELD', () => pharmacy('P9').move(movement, 'ALL_OR_NOTHING')],
  ]);
});

test('HB-29b a hand-over, a reversal and a withdrawal that are refused leave sale and prescription as they are', async () => {
  const { visit, issued, grantId, scan } = await atTheTill(visitOf(7));
  const key = randomUUID();
  const bought = await scan(fill.scanOf(fill.basketOf(visit)), key);
  assert.ok(bought.ok);
  const sale = bought.body;
  const unsigned = { grantId, signatureImage: '', listSm3: sale.listSm3 };
  await refuse([
    ['HANDOVER_SIGNATURE_MISSING', () => pharmacy('P1').handOver(sale.saleId, unsigned)],
    ['SALE_NOT_FOUND', () => pharmacy('P9').reverse(sale.saleId, { reason: '退药', leftCounter: [] })],
    ['IDEMPOTENCY_KEY_REUSED', () => scan([{ lineNo: 1, traceCodes: [pack(8)] }], key)],
  ]);
  await fill.handOver(scene, visit, visit.counter, grantId, sale);
  await refuse([
    ['INVALID_STATE_TRANSITION', () => pharmacy('P1').reverse(sale.saleId, { reason: '退药', leftCounter: [] })],
  ]);
  const doctor = visit.doctor.record.practitionerId;
  await refuse([
    [
      'PRESCRIPTION_ALREADY_USED',
      () => scene.hospital(visit.hospital).withdraw(issued.prescriptionId, '医师撤回处方', doctor),
    ],
  ]);
  const again = await fill.arrive(scene, prescribe.patientOf(visit), visit.counter);
  await refuse([['PRESCRIPTION_ALREADY_USED', () => pharmacy('P1').lock(issued.prescriptionId, again, issued.qr)]]);
});
