import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { eventually } from '@erx/testkit';
import { issuingBooks } from '../src/queries/books.ts';
import { asHospital, entitled, prescribed, uploadOf } from './hospital.ts';
import { reporter } from './reporter.ts';
import { accepted, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, asVerification, registry, database, publish } = issuing;

async function circulating(): Promise<string> {
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const answer = accepted(await gateway.precheck(request, asHospital()));
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  return answer.prescriptionId;
}

const read = async (prescriptionId: string) =>
  accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));
const BEFORE = ['PRECHECKED', 'SIGNED', 'REVIEWED', 'CONSENTED', 'CIRCULATING'];

/** The steps that followed the upload, once as many as expected are there. */
async function followed(prescriptionId: string, count: number) {
  return eventually(async () => {
    const { steps, status } = await read(prescriptionId);
    const later = steps.slice(BEFORE.length);
    return later.length < count ? undefined : { status, names: later.map(({ name }) => name), steps: later };
  });
}

async function parked(prescriptionId: string): Promise<number> {
  const [row] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from parked where key = ${Buffer.from(prescriptionId)}`;
  return row?.n ?? 0;
}

test('CX-28c the hospital reads every step after circulation, with its time, actor, event and signer', async () => {
  const id = await circulating();
  const { locked, historyViewed, approved, sold, handedOver } = reporter(id);
  const saleId = randomUUID();
  const way = [locked(), historyViewed(), approved(), sold(saleId, true), handedOver(saleId)];
  await publish(...way);
  const { status, steps } = await followed(id, 5);
  assert.equal(status, 'HANDED_OVER');
  const [lock, , approval, sale, delivery] = way.map((event) => event.id);
  assert.deepEqual(
    steps.map(({ name, actor, at, eventId }) => [name, actor?.clientId, actor?.operator, at?.toISOString(), eventId]),
    [
      ['LOCKED', 'till-1', 'T1', '2025-06-06T03:01:00.000Z', lock],
      ['PHARMACIST_APPROVED', 'till-1', 'YS1', '2025-06-06T03:03:00.000Z', approval],
      ['DISPENSED', 'till-1', 'T1', '2025-06-06T03:04:00.000Z', sale],
      ['SETTLED', 'till-1', 'T1', '2025-06-06T03:04:00.000Z', sale],
      ['HANDED_OVER', 'till-1', 'T1', '2025-06-06T03:05:00.000Z', delivery],
    ],
  );
});

test('whenever the hospital reads, the status is the one that the newest step led to', async () => {
  const id = await circulating();
  const { locked, approved, sold, handedOver } = reporter(id);
  const saleId = randomUUID();
  const publishing = publish(locked(), approved(), sold(saleId, true), handedOver(saleId));
  for (let status = ''; status !== 'HANDED_OVER'; ) {
    const answer = await read(id);
    status = answer.status;
    assert.equal(answer.steps.at(-1)?.name, status);
  }
  await publishing;
});

test('HB-28a a pharmacist’s refusal and a released lock show their reasons, and the prescription circulates again', async () => {
  const id = await circulating();
  const { locked, refused, released } = reporter(id);
  await publish(locked(), refused('剂量需核实'), locked(), released('患者改选药店'));
  const { status, steps } = await followed(id, 4);
  assert.equal(status, 'CIRCULATING');
  assert.deepEqual(
    steps.map(({ name, reason, actor }) => [name, reason, actor?.operator]),
    [
      ['LOCKED', '', 'T1'],
      ['PHARMACIST_REFUSED', '剂量需核实', 'YS1'],
      ['LOCKED', '', 'T1'],
      ['LOCK_RELEASED', '患者改选药店', 'T1'],
    ],
  );
});

test('a part sold leaves the rest in circulation; the last hand-over ends it', async () => {
  const id = await circulating();
  const { locked, approved, sold, handedOver } = reporter(id);
  const [first, second] = [randomUUID(), randomUUID()];
  await publish(locked(), approved(), sold(first, false));
  assert.equal((await followed(id, 4)).status, 'CIRCULATING');
  await publish(locked(), approved(), sold(second, true));
  assert.equal((await followed(id, 8)).status, 'SETTLED');
  await publish(handedOver(second));
  assert.equal((await followed(id, 9)).status, 'SETTLED');
  await publish(handedOver(first));
  assert.equal((await followed(id, 10)).status, 'HANDED_OVER');
});

test('an event delivered twice has its effect once', async () => {
  const id = await circulating();
  const { locked, released } = reporter(id);
  const events = [locked(), released('')];
  await publish(...events);
  await followed(id, 2);
  // The relay died after publishing and before marking: the same rows go out again.
  await issuing.republish(events.map((event) => event.id));
  await publish(locked());
  assert.deepEqual((await followed(id, 3)).names, ['LOCKED', 'LOCK_RELEASED', 'LOCKED']);
  assert.equal(await parked(id), 0);
});

test('an event that cannot be in its place is parked and changes nothing; those after it go on', async () => {
  const id = await circulating();
  const { locked, approved, sold, handedOver } = reporter(id);
  const saleId = randomUUID();
  await publish(approved(), handedOver(saleId), locked(), approved(), sold(saleId, true));
  const { status, names } = await followed(id, 4);
  assert.deepEqual(names, ['LOCKED', 'PHARMACIST_APPROVED', 'DISPENSED', 'SETTLED']);
  assert.equal(status, 'SETTLED');
  assert.equal(await parked(id), 2);
});

test('what is reported of a prescription that never left is parked', async () => {
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const { prescriptionId } = accepted(await gateway.precheck(request, asHospital()));
  const stranger = randomUUID();
  await publish(reporter(prescriptionId).locked(), reporter(stranger).locked());
  await eventually(async () => (await parked(prescriptionId)) + (await parked(stranger)) === 2);
  assert.deepEqual(
    (await read(prescriptionId)).steps.map(({ name }) => name),
    ['PRECHECKED'],
  );
});

test('the books name every uploaded line with its quantity, and none that was only pre-checked', async () => {
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const { prescriptionId } = accepted(await gateway.precheck(request, asHospital()));
  const uploaded = await circulating();
  const books = await issuingBooks(database.sql);
  const quantityOf = (id: string) => books.uploaded.filter((line) => line.prescriptionId === id);
  assert.deepEqual(quantityOf(prescriptionId), []);
  assert.deepEqual(
    quantityOf(uploaded).map(({ lineNo, quantity, status }) => [lineNo, quantity, status]),
    [[1, 10_000n, 'CIRCULATING']],
  );
  assert.ok((books.statuses['PRECHECKED'] ?? 0n) > 0n);
});

test('the retention of what is no person is refused', async () => {
  const asked = await asVerification.getRetention({ personId: 'nobody' }, asHospital());
  assert.ok('refused' in asked);
  assert.deepEqual([asked.refused[0]?.code, asked.refused[0]?.field], ['REQUEST_INVALID', '/personId']);
});

test('GX-3k the last prescription of a person says until when anything of the person is retained', async () => {
  const personId = randomUUID();
  registry.entitlements.set(personId, entitled());
  const asked = await asVerification.getRetention({ personId }, asHospital());
  assert.equal(accepted(asked).retainUntil, undefined);
  accepted(await gateway.precheck(prescribed(personId), asHospital()));
  const { retainUntil } = accepted(await asVerification.getRetention({ personId }, asHospital()));
  const [row] = await database.sql`
    select (extract(epoch from valid_until + interval '2 years') * 1000)::float8 as ms
    from prescription where person_id = ${personId}`;
  assert.equal(retainUntil?.getTime(), row?.['ms']);
});
