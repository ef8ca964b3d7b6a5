import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { UnavailableError } from '@erx/errors';
import { PrescriptionPrechecked } from '@erx/proto/issuing/v1/issuing_events';
import { isHiRxno, isRxTraceCode } from '@erx/values';
import { D1, D3, D8, DR2, day, filing, H3, heart, ISSUED_AT, insurance, line } from '../src/domain/precheck.fixture.ts';
import { takeBlock } from '../src/store/number-blocks.ts';
import { asHospital, entitled, prescribed } from './hospital.ts';
import { accepted, shown, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, registry } = issuing;

function person(entitlement = entitled()): string {
  const personId = randomUUID();
  registry.entitlements.set(personId, entitlement);
  return personId;
}

async function stored(): Promise<{ prescriptions: number; events: number; requests: number; blocks: bigint }> {
  const [row] = await issuing.database.sql<Awaited<ReturnType<typeof stored>>[]>`
    select (select count(*)::int from prescription) as prescriptions,
           (select count(*)::int from outbox where topic = 'erx.issuing.prescription.v1') as events,
           (select count(*)::int from client_request) as requests,
           (select coalesce(sum(next), 0)::bigint from number_block) as blocks`;
  if (row === undefined) throw new Error('no counts');
  return row;
}

test('CX-28c a pre-check allots numbers with valid check digits, of the hospital’s division and the day', async () => {
  const personId = person();
  const answer = accepted(await gateway.precheck(prescribed(personId), asHospital()));
  assert.ok(isHiRxno(answer.hiRxno));
  assert.ok(answer.hiRxno.startsWith('42010620250606'));
  assert.ok(isRxTraceCode(answer.rxTraceCode));
  assert.deepEqual(answer.validUntil, new Date('2025-06-09T09:30:00+08:00'));
  assert.deepEqual(
    answer.lines.map(({ lineNo, drugCode, genericName, quantity, drugClass }) => [
      lineNo,
      drugCode,
      genericName,
      quantity,
      drugClass,
    ]),
    [[1, D1.drugCode, D1.genericName, 10_000n, 'SEPARATE_PAY']],
  );
  assert.equal(answer.judgement?.profileVersion, '100000@1+420000@1');
  assert.deepEqual(answer.judgement?.listVersions, [`${D1.drugCode}@1`]);
  assert.deepEqual(registry.asked.at(-1), { personId, at: ISSUED_AT });
});

test('prescriptions checked at the same instant get numbers that nobody else has', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, async () => accepted(await gateway.precheck(prescribed(person()), asHospital()))),
  );
  for (const name of ['prescriptionId', 'hiRxno', 'rxTraceCode'] as const) {
    assert.equal(new Set(answers.map((answer) => answer[name])).size, answers.length, name);
  }
});

test('blocks of serials taken at the same instant by several processes do not overlap', async () => {
  const blocks = await Promise.all(Array.from({ length: 12 }, () => takeBlock(issuing.database, '220102', '20250606')));
  const starts = blocks.map(({ first }) => first).toSorted((a, b) => (a < b ? -1 : 1));
  assert.deepEqual(
    starts,
    Array.from({ length: 12 }, (_, n) => 1n + 100n * BigInt(n)),
  );
  assert.ok(blocks.every(({ first, end }) => end - first === 100n));
});

test('the event of a pre-check names its places, its actor and what it was judged by', async () => {
  const personId = person();
  const { prescriptionId, hiRxno } = accepted(await gateway.precheck(prescribed(personId), asHospital()));
  const [row] = await issuing.database.sql<{ headers: string; payload: Uint8Array; eventId: string }[]>`
    select headers, payload, event_id as "eventId" from outbox where key = ${prescriptionId}`;
  assert.equal((JSON.parse(row?.headers ?? '{}') as Record<string, string>)['ce_territory'], '420106,420100');
  const { context, ...facts } = PrescriptionPrechecked.decode(row?.payload ?? new Uint8Array());
  assert.deepEqual(facts, {
    prescriptionId,
    hiRxno,
    hospitalId: 'H42010600001',
    doctorId: 'D420106000001',
    personId,
    replaces: '',
  });
  assert.equal(context?.actor?.role, 'HOSPITAL');
  assert.deepEqual(context?.judgement?.businessTime, ISSUED_AT);
  const read = accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));
  assert.deepEqual(
    read.steps.map(({ name, eventId }) => [name, eventId]),
    [['PRECHECKED', row?.eventId]],
  );
});

test('HB-2b every reason against a prescription comes at once, and nothing is kept of it', async () => {
  const before = await stored();
  const refused = await gateway.precheck(
    prescribed(
      person({ insurances: [insurance({ status: 'SUSPENDED' })], filings: [filing(D1, { status: 'SUBMITTED' })] }),
      {
        doctorId: DR2.practitionerId,
        category: '11',
        diagnoses: [heart],
        lines: [line(D1, { days: 31 }), line(D8)],
        outflowReason: 'BUDGET',
      },
    ),
    asHospital(undefined, undefined, H3.institutionId),
  );
  assert.deepEqual(shown(refused).toSorted(), [
    'DOCTOR_NOT_AT_INSTITUTION /doctorId',
    'DOCTOR_NOT_FILED /doctorId',
    'DRUG_EXCLUDED_CATEGORY /lines/1/drugCode',
    'DRUG_NOT_IN_SCHEME /lines/1/drugCode',
    'FORBIDDEN_LIMIT_REASON /outflowReason',
    'HOSPITAL_NOT_DUAL_CHANNEL',
    'INSURED_STATUS_INACTIVE /patient',
    'MED_CATEGORY_REQUIRED_110202 /category',
    'OFF_PAYMENT_SCOPE /lines/0',
    'QTY_OVER_LIMIT /lines/0/days',
    'QUALIFICATION_NOT_EFFECTIVE /lines/0',
  ]);
  assert.deepEqual(await stored(), before);
});

test('a refusal by a rule is recorded as an event of the client, a malformed request is not', async () => {
  const context = asHospital(undefined, undefined, H3.institutionId);
  const recorded = async (): Promise<number> => {
    const [row] = await issuing.database.sql<{ n: number }[]>`
      select count(*)::int as n from outbox
      where type = 'erx.access.v1.RequestRefused' and key = ${context.actor.clientId}`;
    return row?.n ?? 0;
  };
  const before = await recorded();
  await gateway.precheck(prescribed(person()), context);
  assert.equal(await recorded(), before + 1);
  await gateway.precheck(prescribed(person(), { lines: [] }), context);
  assert.equal(await recorded(), before + 1);
});

test('AS-05 DR2’s separately paid drug is refused DOCTOR_NOT_FILED, DR2’s D3 is accepted', async () => {
  const byDr2 = { doctorId: DR2.practitionerId };
  assert.deepEqual(shown(await gateway.precheck(prescribed(person(), byDr2), asHospital())), [
    'DOCTOR_NOT_FILED /doctorId',
  ]);
  const d3 = { ...byDr2, category: '11', lines: [line(D3)], diagnoses: [heart] };
  assert.deepEqual(shown(await gateway.precheck(prescribed(person(), d3), asHospital())), []);
});

test('HB-8a AS-01 the day before the filing is in force is refused QUALIFICATION_NOT_EFFECTIVE, the day after not', async () => {
  const personId = person({ insurances: [insurance()], filings: [filing(D1)] });
  const issued = (date: string) => ({ prescribedAt: new Date(`${date}T09:30:00+08:00`) });
  issuing.clock.set('2025-06-04T09:30:00+08:00');
  assert.deepEqual(shown(await gateway.precheck(prescribed(personId, issued('2025-06-04')), asHospital())), [
    'QUALIFICATION_NOT_EFFECTIVE /lines/0',
  ]);
  issuing.clock.set(ISSUED_AT.toISOString());
  assert.deepEqual(shown(await gateway.precheck(prescribed(personId, issued('2025-06-06')), asHospital())), []);
});

test('every problem of form comes at once with its pointer, and registry is not asked', async () => {
  const asked = registry.asked.length;
  const malformed = prescribed('nobody', {
    doctorId: ' ',
    prescribedAt: day('2025-06-08'),
    lines: [line(D1, { quantity: 15_000n }), line(D1, { days: 0, usage: '' })],
    outflowReason: 'BECAUSE',
  });
  assert.deepEqual(shown(await gateway.precheck(malformed, asHospital())), [
    'REQUEST_INVALID /patient NOT_IDENTIFIED',
    'REQUEST_INVALID /doctorId NOT_A_TEXT',
    'REQUEST_INVALID /prescribedAt IN_THE_FUTURE',
    'REQUEST_INVALID /outflowReason UNKNOWN_VALUE',
    'REQUEST_INVALID /lines/0/quantity NOT_WHOLE_PACKS',
    'REQUEST_INVALID /lines/1/drugCode DUPLICATE',
    'REQUEST_INVALID /lines/1/days NOT_POSITIVE',
    'REQUEST_INVALID /lines/1/usage NOT_A_TEXT',
  ]);
  assert.equal(registry.asked.length, asked);
});

test('a hospital that nobody knows is refused', async () => {
  const context = asHospital(undefined, undefined, 'H99999999999');
  assert.deepEqual(shown(await gateway.precheck(prescribed(person()), context)), ['HOSPITAL_NOT_DESIGNATED']);
});

test('HB-52 with no profile in force at that time a pre-check is unavailable, not judged by another', async () => {
  issuing.clock.set('2020-06-06T09:30:00+08:00');
  const request = prescribed(person(), { prescribedAt: issuing.clock.now() });
  await assert.rejects(gateway.precheck(request, { ...asHospital(), deadlineMs: 300 }), UnavailableError);
  issuing.clock.set(ISSUED_AT.toISOString());
});

test('a repeated request gets the first answer, also when both come at once', async () => {
  const request = prescribed(person());
  const context = asHospital();
  const [first, second] = await Promise.all([gateway.precheck(request, context), gateway.precheck(request, context)]);
  assert.deepEqual(accepted(first), second);
  assert.deepEqual(await gateway.precheck(request, context), first);
  const [row] = await issuing.database.sql`
    select count(*)::int as n from prescription where person_id = ${request.patient?.personId ?? ''}`;
  assert.equal(row?.['n'], 1);
});

test('a key used for other content is refused IDEMPOTENCY_KEY_REUSED', async () => {
  const context = asHospital('the-same-key', 'one');
  accepted(await gateway.precheck(prescribed(person()), context));
  const other = await gateway.precheck(prescribed(person()), asHospital('the-same-key', 'other'));
  assert.deepEqual(shown(other), ['IDEMPOTENCY_KEY_REUSED']);
});

test('a refused request leaves its key free', async () => {
  const personId = person({ insurances: [], filings: [] });
  const context = asHospital();
  assert.ok(
    shown(await gateway.precheck(prescribed(personId), context)).includes('INSURED_SCHEME_NOT_COVERED /patient'),
  );
  registry.entitlements.set(personId, entitled());
  assert.deepEqual(shown(await gateway.precheck(prescribed(personId), context)), []);
});

test('only a hospital may ask', async () => {
  const { actor, request } = asHospital();
  const outcome = await gateway.precheck(prescribed(person()), { actor: { ...actor, role: 'PHARMACY' }, request });
  assert.deepEqual(shown(outcome), ['ACCESS_SCOPE_DENIED']);
});

test('with registry away a pre-check is unavailable, a repeat still gets its answer, and later all is well', async () => {
  const context = asHospital();
  const request = prescribed(person());
  const first = accepted(await gateway.precheck(request, context));
  await registry.stop();
  const waiting = asHospital();
  await assert.rejects(gateway.precheck(request, { ...waiting, deadlineMs: 2_500 }), UnavailableError);
  assert.deepEqual(await gateway.precheck(request, context), first);
  await registry.start();
  assert.deepEqual(shown(await gateway.precheck(request, waiting)), []);
});
