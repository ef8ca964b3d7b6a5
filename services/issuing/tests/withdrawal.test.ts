import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { refuse } from '@erx/errors';
import { PrescriptionCirculating, PrescriptionPrechecked } from '@erx/proto/issuing/v1/issuing_events';
import { eventually } from '@erx/testkit';
import { H3 } from '../src/domain/precheck.fixture.ts';
import { asHospital, entitled, prescribed, uploadOf } from './hospital.ts';
import { reporter } from './reporter.ts';
import { accepted, shown, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, registry, dispensing, database, publish } = issuing;
test.beforeEach(() => {
  dispensing.asked.withdraw.length = 0;
  dispensing.says.withdraw = { status: 'WITHDRAWN' };
});

const precheck = async (personId: string, replaces = '') => {
  const request = prescribed(personId, { replaces });
  registry.entitlements.set(personId, entitled());
  return { request, outcome: await gateway.precheck(request, asHospital()) };
};

async function circulating(personId: string = randomUUID(), replaces = ''): Promise<string> {
  const { request, outcome } = await precheck(personId, replaces);
  const answer = accepted(outcome);
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  return answer.prescriptionId;
}

const withdraw = (prescriptionId: string, call = asHospital(), reason = '剂量有误') =>
  gateway.withdraw({ prescriptionId, reason }, call);
const read = async (prescriptionId: string) =>
  accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));

test('CX-28c dispensing decides a withdrawal: it hears which prescription of which hospital, why, and who asks', async () => {
  const id = await circulating();
  assert.deepEqual(accepted(await withdraw(id)), { prescriptionId: id, status: 'WITHDRAWN' });
  const [[request, call] = []] = dispensing.asked.withdraw;
  assert.deepEqual(request, { prescriptionId: id, hospitalId: 'H42010600001', reason: '剂量有误' });
  assert.deepEqual([call?.caller, call?.actor.role, call?.actor.clientId], ['issuing', 'HOSPITAL', 'his-H42010600001']);
  const { eventId } = (await read(id)).steps.at(-1) ?? {};
  assert.equal(call?.causationId, eventId);
});

test('CX-28c the hospital sees it withdrawn when its event arrives, with the reason', async () => {
  const id = await circulating();
  accepted(await withdraw(id));
  assert.equal((await read(id)).status, 'CIRCULATING');
  await publish(reporter(id).withdrawn('剂量有误'));
  const steps = await eventually(async () => {
    const { status, steps } = await read(id);
    return status === 'WITHDRAWN' ? steps : undefined;
  });
  assert.deepEqual([steps.at(-1)?.name, steps.at(-1)?.reason], ['WITHDRAWN', '剂量有误']);
});

test('while a sale is in flight it waits; a repeat has the first answer, and a new request the newest', async () => {
  const id = await circulating();
  dispensing.says.withdraw = { status: 'WAITING' };
  const key = randomUUID();
  assert.equal(accepted(await withdraw(id, asHospital(key))).status, 'WAITING');
  dispensing.says.withdraw = { status: 'WITHDRAWN' };
  assert.equal(accepted(await withdraw(id, asHospital(key))).status, 'WAITING');
  assert.equal(dispensing.asked.withdraw.length, 1);
  assert.equal(accepted(await withdraw(id)).status, 'WITHDRAWN');
});

test('GX-3b what dispensing has against it is the answer, is on record, and leaves key and view as they were', async () => {
  const id = await circulating();
  const key = randomUUID();
  const before = await read(id);
  dispensing.says.withdraw = refuse('PRESCRIPTION_ALREADY_USED');
  assert.deepEqual(shown(await withdraw(id, asHospital(key))), ['PRESCRIPTION_ALREADY_USED']);
  assert.deepEqual(await read(id), before);
  const [event] = await database.sql<{ type: string }[]>`select type from outbox order by seq desc limit 1`;
  assert.equal(event?.type, 'erx.access.v1.RequestRefused');
  dispensing.says.withdraw = { status: 'WITHDRAWN' };
  assert.equal(accepted(await withdraw(id, asHospital(key))).status, 'WITHDRAWN');
});

test('only a reason, the own hospital and a prescription that circulates make a withdrawal; dispensing is not asked', async () => {
  const id = await circulating();
  assert.deepEqual(shown(await withdraw(id, asHospital(), ' ')), ['REQUEST_INVALID /reason NOT_A_TEXT']);
  const other = asHospital(undefined, undefined, H3.institutionId);
  const unknown = ['PRESCRIPTION_NOT_FOUND /prescriptionId'];
  assert.deepEqual(shown(await withdraw(id, other)), unknown);
  for (const nothing of [randomUUID(), 'no uuid', '']) assert.deepEqual(shown(await withdraw(nothing)), unknown);
  const { prescriptionId } = accepted((await precheck(randomUUID())).outcome);
  assert.deepEqual(shown(await withdraw(prescriptionId)), ['INVALID_STATE_TRANSITION']);
  assert.deepEqual(dispensing.asked.withdraw, []);
});

test('a key used for other content is refused IDEMPOTENCY_KEY_REUSED; the same request twice at once is one', async () => {
  const id = await circulating();
  const key = randomUUID();
  const [first, second] = await Promise.all([withdraw(id, asHospital(key)), withdraw(id, asHospital(key))]);
  assert.deepEqual(accepted(first), second);
  assert.deepEqual(shown(await withdraw(id, asHospital(key, 'other'))), ['IDEMPOTENCY_KEY_REUSED']);
});

test('with dispensing away a withdrawal is unavailable, and a repeat with the same key finds out', async () => {
  const id = await circulating();
  const key = randomUUID();
  await dispensing.stop();
  await assert.rejects(async () => withdraw(id, asHospital(key)), { name: 'UnavailableError' });
  await dispensing.start();
  assert.equal(accepted(await withdraw(id, asHospital(key))).status, 'WITHDRAWN');
});

test('CX-28c 重开: a withdrawn prescription is issued anew at once, linked both ways and in both events', async () => {
  const person = randomUUID();
  const old = await circulating(person);
  accepted(await withdraw(old));
  // The event of the withdrawal has not arrived: what dispensing answered suffices.
  const { request, outcome } = await precheck(person, old);
  const answer = accepted(outcome);
  assert.equal((await read(old)).replacedBy, answer.prescriptionId);
  assert.equal((await read(answer.prescriptionId)).replaces, old);
  const abandoned = await circulating(person, old);
  assert.equal((await read(old)).replacedBy, abandoned);
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  const events = await database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where key = ${answer.prescriptionId} order by seq`;
  const [prechecked, uploaded] = events.map(({ payload }) => payload);
  assert.equal(PrescriptionPrechecked.decode(prechecked ?? new Uint8Array()).replaces, old);
  assert.equal(PrescriptionCirculating.decode(uploaded ?? new Uint8Array()).replaces, old);
});

test('CX-28c 重开: one not withdrawn, of another patient or hospital, or of nobody, is REQUEST_INVALID /replaces', async () => {
  const person = randomUUID();
  const old = await circulating(person);
  assert.deepEqual(shown((await precheck(person, old)).outcome), ['REQUEST_INVALID /replaces NOT_WITHDRAWN']);
  dispensing.says.withdraw = { status: 'WAITING' };
  accepted(await withdraw(old));
  assert.deepEqual(shown((await precheck(person, old)).outcome), ['REQUEST_INVALID /replaces NOT_WITHDRAWN']);
  await publish(reporter(old).withdrawn('剂量有误'));
  await eventually(async () => (await read(old)).status === 'WITHDRAWN');
  const unknown = ['REQUEST_INVALID /replaces UNKNOWN_PRESCRIPTION'];
  assert.deepEqual(shown((await precheck(randomUUID(), old)).outcome), unknown);
  for (const nothing of [randomUUID(), 'no uuid']) {
    assert.deepEqual(shown((await precheck(person, nothing)).outcome), unknown);
  }
  const elsewhere = asHospital(undefined, undefined, H3.institutionId);
  const request = prescribed(person, { replaces: old });
  assert.deepEqual(shown(await gateway.precheck(request, elsewhere)), unknown);
  assert.equal((await read(old)).replacedBy, '');
  accepted((await precheck(person, old)).outcome);
});
