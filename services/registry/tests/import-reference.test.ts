import assert from 'node:assert/strict';
import test from 'node:test';
import { openReference } from '@erx/reference';
import { actorOf } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { eventually } from '@erx/testkit';
import { authority, doctor, drug, hospital, nothing, plan, shown, startTestRegistry, world } from './support.ts';

const registry = await startTestRegistry();
test.after(() => registry[Symbol.asyncDispose]());

const revisions = () => registry.database.sql`
  select kind, key, revision::int from reference_aggregate where origin = 'IMPORT' order by kind, key`;

test('an import is stored with its revisions and reaches every read copy', async () => {
  assert.deepEqual(await registry.gateway.importReference(world(), authority('first')), { changed: 4, unchanged: 0 });
  assert.deepEqual(
    (await revisions()).map((row) => [row['kind'], row['revision']]),
    [
      ['DRUG', 1],
      ['INSTITUTION', 1],
      ['PLAN', 1],
      ['PRACTITIONER', 1],
    ],
  );
  await using reference = await openReference({
    database: registry.database,
    brokers: registry.brokers,
    service: 'test',
    log: createLogger('test', 'silent'),
  });
  // Each kind travels on a topic of its own: none is the last.
  await eventually(
    async () =>
      reference.plan('420100', '310', '110202') &&
      reference.institution('H42010600001') &&
      reference.practitioner('D420106000001') &&
      reference.drugByTracePrefix('8100001') &&
      reference.profile('420106', new Date('2025-06-03T09:00:00+08:00')),
  );
  assert.deepEqual(reference.institution('H42010600001'), hospital());
  assert.deepEqual(reference.practitioner('D420106000001'), doctor());
  assert.deepEqual(reference.drugByTracePrefix('8100001'), drug());
  assert.equal(reference.profile('420106', new Date('2025-06-03T09:00:00+08:00'))?.version, '100000@1+420000@1');
});

test('an event names its place: the practitioner lies where the institution lies, a drug nowhere', async () => {
  const rows = await registry.database.sql<{ type: string; headers: string }[]>`
    select type, headers from outbox order by seq`;
  const places = rows.map(({ type, headers }) => [
    type.split('.').at(-1),
    (JSON.parse(headers) as Record<string, string>)['ce_territory'],
  ]);
  assert.deepEqual(places, [
    ['ProfilePublished', undefined],
    ['ProfilePublished', '420000'],
    ['ProfilePublished', '220000'],
    ['InstitutionPublished', '420106'],
    ['PractitionerPublished', '420106'],
    ['DrugPublished', undefined],
    ['PlanPublished', '420100'],
  ]);
});

test('a repeat with the same content changes nothing, a changed aggregate gets the next revision and one event', async () => {
  assert.deepEqual(await registry.gateway.importReference(world(), authority('again')), { changed: 0, unchanged: 4 });
  const changed = { ...nothing, institutions: [hospital({ name: '样例医院新名' })], practitioners: [doctor()] };
  assert.deepEqual(await registry.gateway.importReference(changed, authority('rename')), { changed: 1, unchanged: 1 });
  const events = await registry.database.sql<{ headers: string; event_id: string }[]>`
    select headers, event_id from outbox where key = 'H42010600001' order by seq`;
  assert.equal(events.length, 2);
  const cause = (JSON.parse(events[1]?.headers ?? '') as Record<string, string>)['ce_causationid'];
  assert.equal(cause, events[0]?.event_id);
});

test('the same key gives the first answer, for another body it is refused', async () => {
  assert.deepEqual(await registry.gateway.importReference(world(), authority('first')), { changed: 4, unchanged: 0 });
  assert.deepEqual(shown(await registry.gateway.importReference(nothing, authority('first', 'other'))), [
    'IDEMPOTENCY_KEY_REUSED',
  ]);
});

test('two imports with one key at the same instant take effect once', async () => {
  const request = { ...nothing, institutions: [hospital({ institutionId: 'H42010600008' })] };
  const both = await Promise.all([
    registry.gateway.importReference(request, authority('twin')),
    registry.gateway.importReference(request, authority('twin')),
  ]);
  assert.deepEqual(both, [
    { changed: 1, unchanged: 0 },
    { changed: 1, unchanged: 0 },
  ]);
  const [row] = await registry.database.sql`select revision::int from reference_aggregate where key = 'H42010600008'`;
  assert.equal(row?.['revision'], 1);
});

test('all problems come at once with their places, and nothing of the import is kept', async () => {
  const before = await revisions();
  const period = { from: new Date('2025-01-02'), to: new Date('2025-01-01') };
  const request = {
    institutions: [
      hospital({ institutionId: 'H42010600002' }),
      hospital({ institutionId: 'P42010600003', division: '42', level: 0, insuranceDesignated: [period] }),
      hospital({ institutionId: 'H42010600002' }),
    ],
    practitioners: [
      doctor({ practitionerId: 'D420106000009', institutionId: 'H99999900001' }),
      doctor({ practitionerId: 'YS420106000001', kind: 'PHARMACIST', institutionId: 'H42010600001' }),
      doctor({ keys: [{ keyId: 'k', publicKey: 'AAAA', valid: undefined }] }),
    ],
    drugs: [
      drug({ drugCode: 'X1', unitsPerPack: 0, standards: [{ region: '420000', unitPrice: 0n, valid: period }] }),
      drug({ drugCode: 'XL01EBA339A001010109999', tracePrefixes: ['8100001', '81'] }),
    ],
    plans: [plan({ planId: 'OTHER' }), plan({ category: '11', versions: [] })],
  };
  assert.deepEqual(shown(await registry.gateway.importReference(request, authority('wrong'))), [
    'REQUEST_INVALID /institutions/1/institutionId NOT_AN_INSTITUTION_CODE',
    'REQUEST_INVALID /institutions/1/division NOT_A_DIVISION',
    'REQUEST_INVALID /institutions/1/level LEVEL_DOES_NOT_FIT_KIND',
    'REQUEST_INVALID /institutions/1/insuranceDesignated/0/to ENDS_BEFORE_IT_BEGINS',
    'REQUEST_INVALID /practitioners/2/keys/0/publicKey NOT_A_PUBLIC_KEY',
    'REQUEST_INVALID /practitioners/2/keys/0/valid PERIOD_MISSING',
    'REQUEST_INVALID /drugs/0/drugCode NOT_A_DRUG_CODE',
    'REQUEST_INVALID /drugs/0/unitsPerPack NOT_POSITIVE',
    'REQUEST_INVALID /drugs/0/standards/0/unitPrice NOT_POSITIVE',
    'REQUEST_INVALID /drugs/0/standards/0/valid/to ENDS_BEFORE_IT_BEGINS',
    'REQUEST_INVALID /drugs/1/tracePrefixes/1 NOT_SEVEN_DIGITS',
    'REQUEST_INVALID /plans/1/versions EMPTY',
    'REQUEST_INVALID /institutions/2/institutionId DUPLICATE',
    'REQUEST_INVALID /practitioners/0/institutionId UNKNOWN_INSTITUTION',
    'REQUEST_INVALID /practitioners/1/institutionId INSTITUTION_OF_OTHER_KIND',
    'REQUEST_INVALID /drugs/0/tracePrefixes/0 PREFIX_TAKEN',
    'REQUEST_INVALID /drugs/1/tracePrefixes/0 PREFIX_TAKEN',
    'REQUEST_INVALID /plans/0 SCOPE_TAKEN',
    'REQUEST_INVALID /plans/1/planId PLAN_CHANGES_SCOPE',
  ]);
  assert.deepEqual(await revisions(), before);
  const [kept] = await registry.database.sql`select count(*)::int as n from client_request where key = 'wrong'`;
  assert.equal(kept?.['n'], 0);
});

test('a trace-code prefix may move to another drug within one import', async () => {
  const moved = drug({ drugCode: 'XL01EBA339A001010209999', tracePrefixes: ['8100001'] });
  const request = { ...nothing, drugs: [drug({ tracePrefixes: ['8100009'] }), moved] };
  assert.deepEqual(await registry.gateway.importReference(request, authority('move')), { changed: 2, unchanged: 0 });
  const rows = await registry.database.sql`select prefix, drug_code from drug_trace_prefix order by prefix`;
  assert.deepEqual(
    rows.map((row) => [row['prefix'], row['drug_code']]),
    [
      ['8100001', moved.drugCode],
      ['8100009', drug().drugCode],
    ],
  );
});

test('more problems than an answer can carry end in their number', async () => {
  const request = {
    ...nothing,
    institutions: Array.from({ length: 300 }, (_, n) => hospital({ institutionId: `H${n}` })),
  };
  const outcome = shown(await registry.gateway.importReference(request, authority('many'))) as string[];
  assert.equal(outcome.length, 101);
  assert.equal(outcome.at(-1), 'REQUEST_INVALID MORE_PROBLEMS');
});

test('CX-7c only the authority imports reference data', async () => {
  const context = {
    ...authority('hospital'),
    actor: actorOf({ clientId: 'h1', role: 'HOSPITAL', institutionId: 'H42010600001' }),
  };
  assert.deepEqual(shown(await registry.gateway.importReference(world(), context)), ['ACCESS_SCOPE_DENIED']);
});
