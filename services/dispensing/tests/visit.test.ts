import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { actorOf } from '@erx/rpc';
import { openCounter } from './counter.ts';
import { answered, qrOf, refusals, startTestDispensing } from './support.ts';
import {
  EXITED,
  JILIN,
  NOW,
  P1,
  P2,
  P3,
  SUSPENDED,
  TESTING,
  UNDESIGNATED,
  UNLICENSED,
  WARM,
  YS2,
  YS3,
} from './world.ts';

const hub = await startTestDispensing();
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => hub.clock.set(NOW));

const elsewhere = { pharmacyId: P3.institutionId, pharmacistId: YS3 };
const at = (pharmacyId: string) => ({ pharmacyId });

describe('who may take a prescription', () => {
  test('HB-6b the pharmacy must be in the scheme, in place and on the hub', async () => {
    const issued = await hub.circulate();
    for (const [pharmacy, code] of [
      [P2, 'PHARMACY_NOT_DUAL_CHANNEL'],
      [SUSPENDED, 'INSTITUTION_SUSPENDED'],
      [UNDESIGNATED, 'PHARMACY_NOT_DESIGNATED'],
      [TESTING, 'INSTITUTION_NOT_CONNECTED'],
      [EXITED, 'INSTITUTION_EXITED'],
      [WARM, 'COLD_CHAIN_NOT_QUALIFIED'],
    ] as const) {
      const counter = openCounter(hub, issued, at(pharmacy.institutionId));
      assert.deepEqual(refusals(await counter.lock(counter.till(), counter.grantId, qrOf(issued))), [code]);
      assert.deepEqual(refusals(await counter.find(qrOf(issued))), [code]);
    }
    const far = openCounter(hub, issued, at(JILIN.institutionId));
    assert.deepEqual(
      refusals(await far.lock()),
      ['INSTITUTION_NOT_TREATING', 'PRESCRIPTION_OUT_OF_POOLING_REGION'].slice(1),
    );
    assert.deepEqual(answered(await far.find()).prescriptions, []);
    assert.deepEqual(await hub.eventsOf(issued.prescriptionId), []);
  });

  test('HB-23a the institution is checked first, then the grant, then the prescription', async () => {
    const issued = await hub.circulate();
    const outside = openCounter(hub, issued, at(UNDESIGNATED.institutionId));
    assert.deepEqual(refusals(await outside.lock(outside.till(), 'no grant')), ['PHARMACY_NOT_DESIGNATED']);
    const { client } = hub;
    const counter = openCounter(hub, issued);
    const nothing = { grantId: 'no grant', prescriptionId: 'nothing', qr: '' };
    assert.deepEqual(refusals(await client.lock(nothing, counter.till())), ['GRANT_INVALID']);
    const { grantId } = counter;
    assert.deepEqual(refusals(await client.lock({ ...nothing, grantId }, counter.till())), ['PRESCRIPTION_NOT_FOUND']);
  });

  test('HB-23a a grant of another pharmacy or for another purpose opens nothing', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    const foreign = openCounter(hub, issued, elsewhere).grantId;
    const patients = counter.grantFor(issued.patient?.personId ?? '', 'PATIENT_ACCESS');
    for (const grant of [foreign, patients, '']) {
      assert.deepEqual(refusals(await counter.lock(counter.till(), grant)), ['GRANT_INVALID']);
      assert.deepEqual(refusals(await counter.find('', grant)), ['GRANT_INVALID']);
    }
  });

  test('HB-24b another person hears nothing without the QR, and PRESCRIPTION_PATIENT_MISMATCH with it', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    const stranger = counter.grantFor(randomUUID());
    const qr = qrOf(issued);
    assert.deepEqual(refusals(await counter.lock(counter.till(), stranger)), ['PRESCRIPTION_NOT_FOUND']);
    assert.deepEqual(refusals(await counter.lock(counter.till(), stranger, qr)), ['PRESCRIPTION_PATIENT_MISMATCH']);
    assert.deepEqual(refusals(await counter.find(qr, stranger)), ['PRESCRIPTION_PATIENT_MISMATCH']);
    await counter.approve();
    assert.deepEqual(refusals(await counter.quote(1n, 1n, stranger)), ['PRESCRIPTION_PATIENT_MISMATCH']);
    assert.deepEqual(refusals(await counter.history(undefined, stranger)), ['PRESCRIPTION_PATIENT_MISMATCH']);
    const other = openCounter(hub, issued, elsewhere);
    const there = other.grantFor(randomUUID());
    assert.deepEqual(refusals(await other.quote(1n, 1n, there)), ['PRESCRIPTION_NOT_FOUND']);
  });

  test('GX-3b a number or a QR that the hub did not make opens nothing', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    const qr = qrOf(issued);
    const forged = qr.slice(0, -1) + (qr.endsWith('0') ? '1' : '0');
    for (const text of [forged, issued.rxTraceCode, 'x', qrOf(await hub.circulate())]) {
      assert.deepEqual(refusals(await counter.lock(counter.till(), counter.grantId, text)), [
        'PRESCRIPTION_NOT_FOUND /qr',
      ]);
    }
    assert.deepEqual(refusals(await counter.find(forged)), ['PRESCRIPTION_NOT_FOUND /qr']);
    assert.equal(answered(await counter.find(qr)).prescriptions.length, 1);
  });
});

describe('the lock', () => {
  test('GJ-6b of two pharmacies at one instant exactly one takes it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const issued = await hub.circulate();
      const counters = [openCounter(hub, issued), openCounter(hub, issued, elsewhere)];
      const answers = await Promise.all(counters.map((counter) => counter.lock()));
      assert.deepEqual(answers.map(refusals).sort(), [[], ['PRESCRIPTION_LOCKED_BY_OTHER']]);
      const events = await hub.eventsOf(issued.prescriptionId);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['PrescriptionLocked'],
      );
    }
  });

  test('GJ-6b the holder sees its lock, another pharmacy only that it is taken', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    const { lockId } = answered(await counter.lock());
    const [mine] = answered(await counter.find()).prescriptions;
    assert.deepEqual([mine?.status, mine?.lockId], ['LOCKED', lockId]);
    const [theirs] = answered(await openCounter(hub, issued, elsewhere).find()).prescriptions;
    assert.deepEqual([theirs?.status, theirs?.lockId, theirs?.lockedUntil], ['LOCKED', '', undefined]);
  });

  test('SM-4 a repeat with the same key takes it once, even when its grant is over by then', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    const context = counter.till();
    const first = await counter.lock(context);
    hub.peers.grants.delete(counter.grantId);
    assert.deepEqual(await counter.lock(context), first);
    const reused = { ...context, request: { clientId: '', key: context.request?.key ?? '', hash: 'other' } };
    assert.deepEqual(refusals(await counter.lock(reused)), ['IDEMPOTENCY_KEY_REUSED']);
    assert.equal((await hub.eventsOf(issued.prescriptionId)).length, 1);
  });

  test('SM-4 released, overdue or expired: decided by the clock, before anything is swept', async () => {
    const issued = await hub.circulate();
    const [here, there] = [openCounter(hub, issued), openCounter(hub, issued, elsewhere)];
    answered(await here.lock());
    assert.deepEqual(answered(await here.release()), { status: 'CIRCULATING' });
    await there.approve();
    hub.clock.set('2025-06-07T08:59:59.999+08:00');
    assert.deepEqual(refusals(await here.lock()), ['PRESCRIPTION_LOCKED_BY_OTHER']);
    hub.clock.set('2025-06-07T09:00:00+08:00');
    assert.deepEqual(refusals(await there.quote()), ['INVALID_STATE_TRANSITION']);
    assert.equal(answered(await there.find()).prescriptions[0]?.status, 'CIRCULATING');
    answered(await here.lock());
    const events = await hub.eventsOf(issued.prescriptionId);
    assert.deepEqual(
      events.slice(-2).map(({ type, payload }) => [type, payload['reason']]),
      [
        ['LockReleased', 'TIMED_OUT'],
        ['PrescriptionLocked', undefined],
      ],
    );
    // Both pharmacies' places see that it ended.
    assert.equal(events.at(-2)?.headers['ce_territory'], '420106,420502,420100');
    hub.clock.set('2025-06-09T08:30:00+08:00');
    assert.deepEqual(refusals(await there.lock()), ['PRESCRIPTION_EXPIRED']);
    assert.deepEqual(refusals(await there.find(qrOf(issued))), ['PRESCRIPTION_EXPIRED']);
    assert.deepEqual(answered(await there.find()).prescriptions, []);
  });

  test('SM-4 who has not taken it can neither release nor review it, nor learn that it exists', async () => {
    const issued = await hub.circulate();
    answered(await openCounter(hub, issued).lock());
    const other = openCounter(hub, issued, elsewhere);
    assert.deepEqual(refusals(await other.release()), ['PRESCRIPTION_NOT_FOUND']);
    assert.deepEqual(refusals(await other.review()), ['PRESCRIPTION_NOT_FOUND']);
  });
});

describe('review', () => {
  test('HB-28b review without viewed history is refused HISTORY_NOT_VIEWED, and no signature is looked at', async () => {
    const counter = openCounter(hub, await hub.circulate());
    answered(await counter.lock());
    const before = hub.peers.calls.length;
    assert.deepEqual(refusals(await counter.review()), ['HISTORY_NOT_VIEWED']);
    assert.deepEqual(refusals(await counter.review('REFUSED')), ['HISTORY_NOT_VIEWED']);
    assert.equal(hub.peers.calls.length, before);
    answered(await counter.history(YS2));
    assert.deepEqual(refusals(await counter.review()), ['HISTORY_NOT_VIEWED']);
    answered(await counter.history());
    assert.equal(answered(await counter.review()).status, 'PHARMACIST_APPROVED');
  });

  test('CX-14-1b the history is shown to a licensed pharmacist of this pharmacy only', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    answered(await counter.lock());
    for (const operator of [UNLICENSED, YS3, 'till-1', '']) {
      assert.deepEqual(refusals(await counter.history(operator)), ['PHARMACIST_NOT_LICENSED']);
    }
    assert.equal((await hub.eventsOf(issued.prescriptionId)).length, 1);
  });

  test('GX-1-2-5c a signature that verification refuses changes nothing', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    answered(await counter.lock());
    answered(await counter.history());
    assert.deepEqual(refusals(await counter.review('APPROVED', 'bad')), ['PHARMACIST_SIGNATURE_INVALID']);
    assert.deepEqual(refusals(await counter.quote()), ['PHARMACIST_REVIEW_MISSING']);
  });

  test('HB-28a a refusing pharmacist sends it back into circulation, with the reason and what was signed', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    answered(await counter.lock());
    answered(await counter.history());
    assert.deepEqual(answered(await counter.review('REFUSED')), { opinion: 'REFUSED', status: 'CIRCULATING' });
    const last = (await hub.eventsOf(issued.prescriptionId)).at(-1);
    assert.deepEqual([last?.type, last?.payload['reason']], ['PharmacistRefused', '用法需确认']);
    const [kept] = await hub.database.sql`
      select opinion, pharmacist_id from review_evidence where prescription_id = ${issued.prescriptionId}`;
    assert.equal(kept?.['opinion'], 'REFUSED');
    const other = openCounter(hub, issued, elsewhere);
    await other.approve();
  });
});

describe('the patient chooses', () => {
  test('GJ-6b the app offers every pharmacy that may serve the prescription and no other', async () => {
    const issued = await hub.circulate();
    const actor = actorOf({ clientId: 'app-1', role: 'PATIENT' });
    const grantId = randomUUID();
    const personId = issued.patient?.personId ?? '';
    hub.peers.grants.set(grantId, { personId, institutionId: actor.clientId, purpose: 'PATIENT_ACCESS' });
    const { prescriptions } = answered(await hub.client.find({ grantId, qr: '' }, { actor }));
    assert.deepEqual(
      prescriptions.map(({ prescriptionId }) => prescriptionId),
      [issued.prescriptionId],
    );
    const request = { grantId, prescriptionId: issued.prescriptionId };
    const { pharmacies } = answered(await hub.client.listPharmacies(request, { actor }));
    assert.deepEqual(pharmacies, [
      { institutionId: P1.institutionId, name: P1.name, division: P1.division },
      { institutionId: P3.institutionId, name: P3.name, division: P3.division },
    ]);
    const other = await hub.circulate();
    const foreign = { grantId, prescriptionId: other.prescriptionId };
    assert.deepEqual(refusals(await hub.client.listPharmacies(foreign, { actor })), ['PRESCRIPTION_NOT_FOUND']);
    assert.deepEqual(refusals(await hub.client.lock({ ...request, qr: '' }, { actor })), ['ACCESS_SCOPE_DENIED']);
  });
});

test('GJ-6b a prescription that arrives twice, or again later, is there once and as it was', async () => {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  answered(await counter.lock());
  await hub.publish(issued);
  // Behind the copy in the same partition.
  await hub.publish({ ...issued, prescriptionId: randomUUID(), rxTraceCode: issued.rxTraceCode.slice(0, -1) });
  const next = await hub.circulate();
  assert.ok(next.prescriptionId);
  const rows = await hub.database.sql`
    select status from prescription where prescription_id = ${issued.prescriptionId}`;
  assert.deepEqual([rows.count, rows[0]?.['status']], [1, 'LOCKED']);
  assert.equal((await hub.eventsOf(issued.prescriptionId)).length, 1);
});

test('GJ-6a a refusal by a rule is recorded as an event of its own', async () => {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  answered(await counter.lock());
  await counter.review();
  const rows = await hub.database
    .sql`select key from outbox where type = 'erx.access.v1.RequestRefused' order by seq desc`;
  assert.equal(rows[0]?.['key'], `c-${P1.institutionId}`);
});
