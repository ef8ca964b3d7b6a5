import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isRefused } from '@erx/errors';
import { HistoryRead } from '@erx/proto/access/v1/access_events';
import type { HistoryStep, ReadHistoryRequest } from '@erx/proto/audit/v1/audit_service';
import { actorOf, type CallContext } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { type Chain, chainEvents, chainIds, HOSPITAL, OTHER_PHARMACY, PHARMACY } from './chain.ts';
import { regulator, startTestAudit } from './support.ts';

let audit: Awaited<ReturnType<typeof startTestAudit>>;
before(async () => {
  audit = await startTestAudit();
});
after(() => audit?.[Symbol.asyncDispose]());

const as = (role: string, more: object = {}): CallContext => ({ actor: actorOf({ clientId: role, role, ...more }) });
const hospital = as('HOSPITAL', { institutionId: HOSPITAL });
const pharmacy = as('PHARMACY', { institutionId: PHARMACY });
const patientApp = as('PATIENT');

const nothing = { prescription: '', traceCode: '', settlement: '', patient: '', doctor: '', grantId: '', after: '' };

function ask(by: Partial<ReadHistoryRequest>, context: CallContext) {
  return audit.client.readHistory({ ...nothing, limit: 50, ...by }, context);
}

async function read(
  by: Partial<ReadHistoryRequest>,
  context: CallContext = regulator('420000'),
): Promise<HistoryStep[]> {
  const answer = await ask(by, context);
  assert.ok(!isRefused(answer), JSON.stringify(answer));
  return answer.steps;
}

/** Publishes events, and waits until they are on record. */
async function publish(list: ReturnType<typeof chainEvents>): Promise<void> {
  await audit.publish(list);
  const published = list.map(({ id }) => id);
  await eventually(async () => {
    const rows = await audit.database.sql`select from entry where event_id = any(${published}::uuid[])`;
    return rows.count === list.length;
  }, 60_000);
}

const ids = (steps: readonly { eventId: string }[]): string[] => steps.map(({ eventId }) => eventId);
const types = (steps: readonly HistoryStep[]): string[] => steps.map(({ type }) => type.split('.').at(-1) ?? '');

function keysOf(chain: Chain): Partial<ReadHistoryRequest>[] {
  const { prescriptionId, hiRxno, rxTraceCode, traceCode, settlementId, doctorId } = chain;
  return [
    { prescription: prescriptionId },
    { prescription: hiRxno },
    { prescription: rxTraceCode },
    { traceCode },
    { settlement: settlementId },
    { doctor: doctorId },
  ];
}

test('GJ-6e R-18 prescription, trace code, settlement, patient and doctor lead to the same chain in the same order', async () => {
  const chain = chainIds();
  const events = chainEvents(chain);
  await publish([...events, ...chainEvents(chainIds())]);
  for (const by of keysOf(chain)) {
    assert.deepEqual(ids(await read(by)), ids(events.map(({ id }) => ({ eventId: id }))), JSON.stringify(by));
  }
  // Beside the chain, a patient's history tells who looked at it.
  const ofPatient = await read({ patient: chain.personId });
  const looked = ofPatient.filter(({ type }) => type === 'erx.access.v1.HistoryRead');
  assert.deepEqual(
    ids(ofPatient.filter((step) => !looked.includes(step))),
    ids(events.map(({ id }) => ({ eventId: id }))),
  );
});

test('HB-44 each step tells who, where, when, and the version of the document in force', async () => {
  const chain = chainIds();
  await publish(chainEvents(chain));
  const steps = await read({ prescription: chain.prescriptionId });
  const [received, prechecked, circulating, , refused] = steps;
  assert.equal(prechecked?.documentSm3, '');
  assert.equal(circulating?.documentSm3, chain.documentSm3);
  assert.deepEqual(
    new Set(
      steps
        .slice(2)
        .filter((s) => s.prescriptionId)
        .map((s) => s.documentSm3),
    ).size,
    1,
  );
  assert.deepEqual(
    [prechecked?.actor?.institutionId, prechecked?.institutionId, prechecked?.profileVersion],
    [HOSPITAL, HOSPITAL, '420000@1'],
  );
  assert.equal(prechecked?.businessTime?.toISOString(), '2026-01-05T08:02:00.000Z');
  assert.deepEqual([received?.prescriptionId, received?.institutionId], ['', PHARMACY]);
  assert.deepEqual([refused?.reason, refused?.prescriptionId], ['QTY_OVER_LIMIT', chain.prescriptionId]);
});

test('CX-7c each reader sees its own share: division, hospital, pharmacy, patient, and nobody the rest', async () => {
  const chain = chainIds();
  await publish(chainEvents(chain));
  const by = { prescription: chain.prescriptionId };
  const all = types(await read(by));
  assert.equal(all.length, 12);
  const own = async (context: CallContext, more = {}) => types(await read({ ...by, ...more }, context));
  assert.deepEqual(await own(regulator('420102')), all);
  assert.deepEqual(await own(as('AGENCY', { division: '420100' })), all);
  assert.deepEqual(await own(hospital), all.slice(1));
  assert.deepEqual(await own(pharmacy), all);
  audit.grants.set('grant', chain.personId);
  assert.deepEqual(await own(patientApp, { grantId: 'grant' }), all.slice(1));
  audit.grants.set('of another', chainIds().personId);
  for (const stranger of [
    regulator('420103'),
    regulator(''),
    as('AGENCY', { division: '220000' }),
    as('HOSPITAL', { institutionId: 'H42010200002' }),
    as('PHARMACY', { institutionId: OTHER_PHARMACY }),
    as('HOSPITAL'),
    as('PHARMACY'),
  ]) {
    assert.deepEqual(await own(stranger), [], JSON.stringify(stranger));
  }
  assert.deepEqual(await own(patientApp, { grantId: 'of another' }), []);
  assert.deepEqual(await refusalsOf(by, as('AUTHORITY')), ['ACCESS_SCOPE_DENIED']);
});

test('CX-7c a pharmacy that filled a part sees nothing of what another pharmacy sold', async () => {
  const first = chainIds();
  const second = { ...first, saleId: chainIds().saleId, settlementId: chainIds().settlementId };
  const [received, prechecked, circulating, ...ours] = chainEvents(first);
  assert.ok(received && prechecked && circulating);
  const theirs = chainEvents({ ...second, pharmacyId: OTHER_PHARMACY, traceCode: '81000019999999999999' }).slice(3);
  await publish([received, prechecked, circulating, ...ours, ...theirs]);
  const by = { prescription: first.prescriptionId };
  const shown = await read(by, pharmacy);
  assert.deepEqual(new Set(shown.map(({ saleId }) => saleId)), new Set(['', first.saleId]));
  assert.ok(shown.every(({ actor }) => actor?.institutionId !== OTHER_PHARMACY));
  const shownThere = await read(by, as('PHARMACY', { institutionId: OTHER_PHARMACY }));
  assert.deepEqual(new Set(shownThere.map(({ saleId }) => saleId)), new Set(['', second.saleId]));
});

test('GJ-6f a patient needs no key but a living grant, and sees who looked', async () => {
  const chain = chainIds();
  await publish(chainEvents(chain));
  audit.grants.set('own', chain.personId);
  await read({ doctor: chain.doctorId }, hospital);
  let steps: HistoryStep[] = [];
  await eventually(async () => {
    steps = await read({ grantId: 'own' }, patientApp);
    return steps.some(({ type }) => type === 'erx.access.v1.HistoryRead');
  }, 60_000);
  const looked = steps.find(({ type }) => type === 'erx.access.v1.HistoryRead');
  assert.equal(looked?.actor?.institutionId, HOSPITAL);
  assert.deepEqual(await refusalsOf({ grantId: 'over' }, patientApp), ['GRANT_INVALID']);
  assert.deepEqual(await refusalsOf({ prescription: chain.prescriptionId }, patientApp), ['GRANT_INVALID']);
});

test('GJ-6f a reading is on record before it is answered, names whom it concerned, and nobody who was not shown', async () => {
  const [one, other] = [chainIds({ doctorId: 'D-shared' }), chainIds({ doctorId: 'D-shared' })];
  await publish([...chainEvents(one), ...chainEvents(other, ['220102'])]);
  await read({ doctor: 'D-shared' }, regulator('420102'));
  const [row] = await audit.database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where type = 'erx.access.v1.HistoryRead' order by seq desc limit 1`;
  const event = HistoryRead.decode(row?.payload ?? new Uint8Array());
  assert.deepEqual(event.personIds, [one.personId]);
  assert.deepEqual(event.prescriptionIds, [one.prescriptionId]);
  assert.deepEqual([event.by, event.context?.actor?.clientId], ['DOCTOR', 'regulator-420102']);
  const before = await audit.database.sql`select from outbox`;
  await read({ doctor: 'D-unknown' });
  assert.equal((await audit.database.sql`select from outbox`).count, before.count);
});

test('R-18 a long history is read page by page, each event once', async () => {
  const chains = Array.from({ length: 5 }, () => chainIds({ doctorId: 'D-busy' }));
  const events = chains.flatMap((chain) => chainEvents(chain));
  await publish(events);
  const got: string[] = [];
  let pages = 0;
  for (let after = ''; ; pages += 1) {
    const page = await ask({ doctor: 'D-busy', after, limit: 2 }, regulator('100000'));
    assert.ok(!isRefused(page));
    got.push(...ids(page.steps));
    if (page.next === '') break;
    after = page.next;
  }
  assert.equal(pages, 2);
  assert.deepEqual(got.toSorted(), events.map(({ id }) => id).toSorted());
});

test('a question with no key or two, a position that is none, or a limit outside 1 to 100 is refused, all problems at once', async () => {
  assert.deepEqual(await refusalsOf({}), ['REQUEST_INVALID']);
  assert.deepEqual(await refusalsOf({ doctor: 'd', patient: 'p' }), ['REQUEST_INVALID']);
  assert.deepEqual(await refusalsOf({ after: 'x', limit: 0 }), Array(3).fill('REQUEST_INVALID'));
  assert.deepEqual(await refusalsOf({ doctor: 'd', limit: 101 }), ['REQUEST_INVALID']);
});

async function refusalsOf(by: Partial<ReadHistoryRequest>, context = regulator('420000')): Promise<string[]> {
  const answer = await ask(by, context);
  return isRefused(answer) ? answer.refused.map(({ code }) => code) : [];
}
