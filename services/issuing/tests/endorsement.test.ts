import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { refuse } from '@erx/errors';
import type { EndorseRequest } from '@erx/proto/issuing/v1/issuing_service';
import { eventually } from '@erx/testkit';
import { DR1, DR2, DR9, H3 } from '../src/domain/precheck.fixture.ts';
import { asHospital, entitled, prescribed, proof, uploadOf } from './hospital.ts';
import { reporter } from './reporter.ts';
import { accepted, shown, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, registry, dispensing, verification, database, publish } = issuing;
test.beforeEach(() => {
  dispensing.asked.resume.length = 0;
  dispensing.says.resume = { status: 'CIRCULATING' };
});

async function circulating() {
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const answer = accepted(await gateway.precheck(request, asHospital()));
  const upload = uploadOf(request, answer);
  accepted(await gateway.upload(upload, asHospital()));
  const { prescriptionId, hiRxno } = answer;
  return { prescriptionId, hiRxno, documentSm3: upload.documentSm3 };
}

const endorse = (
  { prescriptionId, hiRxno }: { prescriptionId: string; hiRxno: string },
  change: Partial<EndorseRequest> = {},
  call = asHospital(),
) => {
  const document = Buffer.from(JSON.stringify({ schema: 'erx.endorsement.v1', hiRxno }));
  return gateway.endorse(
    { prescriptionId, doctorId: DR9.practitionerId, document, signature: 'signed', ...change },
    call,
  );
};
const read = async (prescriptionId: string) =>
  accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));

test('A-6 another admitted doctor’s signature, checked over exactly this document, lets dispensing resume', async () => {
  const it = await circulating();
  const { prescriptionId } = it;
  assert.deepEqual(accepted(await endorse(it)), { prescriptionId, status: 'CIRCULATING' });
  const asked = verification.asked.at(-1);
  assert.deepEqual(
    [asked?.hospitalId, asked?.prescriptionId, asked?.prescriptionSm3, asked?.doctorId],
    ['H42010600001', prescriptionId, it.documentSm3, DR9.practitionerId],
  );
  const [[request, call] = []] = dispensing.asked.resume;
  assert.deepEqual([request?.prescriptionId, request?.doctorId], [prescriptionId, DR9.practitionerId]);
  assert.deepEqual([request?.evidence?.role, request?.evidence?.signer], ['ENDORSEMENT', DR9.practitionerId]);
  assert.deepEqual([call?.caller, call?.actor.institutionId], ['issuing', 'H42010600001']);
});

test('HB-22-0 hold and resumption are shown with reason and signer, and the proof is kept (GX-3k), also a second time', async () => {
  const { prescriptionId } = await circulating();
  const { held, resumed } = reporter(prescriptionId);
  const evidence = (sm3: string) => proof('ENDORSEMENT', DR9.practitionerId, 'SM2_RAW', sm3);
  await publish(held('DOCTOR_REVOKED'));
  await eventually(async () => (await read(prescriptionId)).status === 'ON_HOLD');
  await publish(resumed(DR9.practitionerId, evidence('ab'.repeat(32))));
  await publish(held('DOCTOR_REVOKED'), resumed(DR9.practitionerId, evidence('cd'.repeat(32))));
  await publish(held('DOCTOR_REVOKED'), resumed(DR9.practitionerId, evidence('cd'.repeat(32))));
  const steps = await eventually(async () => {
    const found = (await read(prescriptionId)).steps.slice(5);
    return found.length === 6 ? found : undefined;
  });
  assert.deepEqual(
    steps.slice(0, 2).map(({ name, reason, actor }) => [name, reason, actor?.operator]),
    [
      ['ON_HOLD', 'DOCTOR_REVOKED', 'T1'],
      ['RESUMED', '', DR9.practitionerId],
    ],
  );
  assert.equal((await read(prescriptionId)).status, 'CIRCULATING');
  const rows = await database.sql<{ signer: string; content: Uint8Array }[]>`
    select signer, content from evidence where prescription_id = ${prescriptionId} and role = 'ENDORSEMENT'`;
  assert.deepEqual(
    rows.map(({ signer, content }) => [signer, Buffer.from(content).toString()]),
    [
      [DR9.practitionerId, 'ENDORSEMENT says yes'],
      [DR9.practitionerId, 'ENDORSEMENT says yes'],
    ],
  );
});

const refusals: [name: string, change: Partial<EndorseRequest>, expected: string[]][] = [
  [
    'DOCTOR_NOT_FILED a doctor the scheme does not admit',
    { doctorId: DR2.practitionerId },
    ['DOCTOR_NOT_FILED /doctorId'],
  ],
  ['A-6 the doctor who wrote it', { doctorId: DR1.practitionerId }, ['REQUEST_INVALID /doctorId NOT_ANOTHER_DOCTOR']],
  ['GX-3h nobody on record', { doctorId: 'D-NOBODY' }, ['DOCTOR_NOT_AT_INSTITUTION /doctorId']],
  ['HB-42a a bad signature', { signature: 'forged' }, ['DOCTOR_SIGNATURE_INVALID /signature']],
  [
    'CX-28c an endorsement of another number',
    { document: Buffer.from('{"hiRxno":"1"}') },
    ['PRESCRIPTION_TAMPERED /document'],
  ],
  [
    'a doctor not admitted with a bad signature: both at once',
    { doctorId: DR2.practitionerId, signature: 'forged' },
    ['DOCTOR_NOT_FILED /doctorId', 'DOCTOR_SIGNATURE_INVALID /signature'],
  ],
];
for (const [name, change, expected] of refusals) {
  test(`${name} is refused, and dispensing is not asked`, async () => {
    assert.deepEqual(shown(await endorse(await circulating(), change)), expected);
    assert.deepEqual(dispensing.asked.resume, []);
  });
}

test('HB-22-0 the endorser is judged by today, not by the day of issue', async () => {
  const it = await circulating();
  const at = issuing.clock.now();
  issuing.clock.set('2023-12-31T09:00:00+08:00');
  const outcome = await endorse(it);
  issuing.clock.set(at.toISOString());
  assert.deepEqual(shown(outcome), ['DOCTOR_FILING_EXPIRED /doctorId', 'DOCTOR_NOT_FILED /doctorId']);
});

test('a prescription of another hospital, an unknown one and one never uploaded are not endorsed', async () => {
  const it = await circulating();
  const unknown = ['PRESCRIPTION_NOT_FOUND /prescriptionId'];
  assert.deepEqual(shown(await endorse(it, {}, asHospital(undefined, undefined, H3.institutionId))), unknown);
  assert.deepEqual(shown(await endorse({ ...it, prescriptionId: randomUUID() })), unknown);
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const answer = accepted(await gateway.precheck(request, asHospital()));
  assert.deepEqual(shown(await endorse(answer)), ['INVALID_STATE_TRANSITION']);
});

test('a repeat has the first answer; what dispensing refused leaves the key free', async () => {
  const it = await circulating();
  const key = randomUUID();
  dispensing.says.resume = refuse('INVALID_STATE_TRANSITION', { state: 'CIRCULATING', command: 'Resume' });
  assert.deepEqual(shown(await endorse(it, {}, asHospital(key))), ['INVALID_STATE_TRANSITION']);
  dispensing.says.resume = { status: 'CIRCULATING' };
  const first = accepted(await endorse(it, {}, asHospital(key)));
  assert.deepEqual(await endorse(it, {}, asHospital(key)), first);
  assert.equal(dispensing.asked.resume.length, 2);
  assert.deepEqual(shown(await endorse(it, {}, asHospital(key, 'other'))), ['IDEMPOTENCY_KEY_REUSED']);
});

test('with verification away an endorsement is unavailable', async () => {
  const it = await circulating();
  const key = randomUUID();
  await verification.stop();
  await assert.rejects(async () => endorse(it, {}, asHospital(key)), { name: 'UnavailableError' });
  await verification.start();
  accepted(await endorse(it, {}, asHospital(key)));
});
