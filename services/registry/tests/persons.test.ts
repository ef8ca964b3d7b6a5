import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import type { Person } from '@erx/proto/registry/v1/registry_service';
import { registryBooks } from '../src/queries/books.ts';
import { authority, open, shown, startTestRegistry } from './support.ts';

const registry = await startTestRegistry();
test.after(() => registry[Symbol.asyncDispose]());

const hash = randomBytes(32);
const context = authority('allot');

async function allot(...hashes: Uint8Array[]): Promise<string[]> {
  const answer = await registry.verification.allotPersons({ identityHashes: hashes }, context);
  if ('refused' in answer) throw new Error('refused');
  return answer.personIds;
}

function person(personId: string, change: Partial<Person> = {}): Person {
  const sealed = randomBytes(40);
  return {
    personId,
    nameSealed: sealed,
    identitySealed: sealed,
    phoneSealed: sealed,
    contentHash: Buffer.alloc(32, 1),
    nameHash: Buffer.alloc(32, 3),
    insurances: [
      {
        poolingRegion: '420100',
        insuranceType: '310',
        status: 'ACTIVE',
        period: open,
        remoteFilings: [{ region: '220100', period: { ...open, to: new Date('2025-01-01T00:00:00+08:00') } }],
      },
      { poolingRegion: '420500', insuranceType: '390', status: 'SUSPENDED', period: open, remoteFilings: [] },
    ],
    filings: [
      {
        filingId: `F-${personId}`,
        drugCode: 'XL01EBA339A001010101234',
        genericName: '甲磺酸奥希替尼片',
        dosageForm: '片剂',
        status: 'EFFECTIVE',
        benefit: open,
        region: '420100',
        institutionId: 'H42010600001',
      },
      {
        filingId: `G-${personId}`,
        drugCode: '',
        genericName: '仑伐替尼',
        dosageForm: '胶囊剂',
        status: 'SUBMITTED',
        benefit: undefined,
        region: '420100',
        institutionId: '',
      },
    ],
    agentPurchaseDisabled: undefined,
    ...change,
  };
}

test('the same identity always has the same random id, also when two ask at once and in one list', async () => {
  const other = randomBytes(32);
  const [first, second] = await Promise.all([allot(hash, other, hash), allot(other, hash)]);
  assert.match(first[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(first, [second[1], second[0], second[1]]);
  assert.notEqual(first[0], first[1]);
});

test('a hash of another length is refused with its place', async () => {
  const answer = await registry.verification.allotPersons({ identityHashes: [hash, new Uint8Array(3)] }, context);
  assert.deepEqual(shown(answer), ['REQUEST_INVALID /identityHashes/1 NOT_A_KEYED_HASH']);
});

test('a person is found by the keyed hash once imported, with the sealed fields as they came', async () => {
  const [personId = ''] = await allot(hash);
  assert.deepEqual(await registry.verification.findPerson({ identityHash: hash }, context), { person: undefined });
  const imported = person(personId);
  assert.deepEqual(await registry.verification.importPersons({ persons: [imported] }, authority('p1')), {
    changed: 1,
    unchanged: 0,
  });
  assert.deepEqual(await registry.verification.findPerson({ identityHash: hash }, context), {
    person: { ...imported, insurances: [], filings: [] },
  });
  const request = { personId, at: new Date() };
  assert.deepEqual(await registry.verification.getEntitlement(request, context), {
    insurances: imported.insurances,
    filings: imported.filings,
    agentPurchaseDisabled: undefined,
  });
});

test('GX-4h the time without agents comes and goes with the import, and one that cannot be is refused', async () => {
  const [personId = ''] = await allot(randomBytes(32));
  const closed = { ...open, to: new Date('2026-01-01T00:00:00+08:00') };
  const asked = async () => {
    const entitlement = await registry.verification.getEntitlement({ personId, at: new Date() }, context);
    return 'refused' in entitlement ? entitlement : entitlement.agentPurchaseDisabled;
  };
  for (const [serial, agentPurchaseDisabled] of [closed, { ...open, to: undefined }, undefined].entries()) {
    const changed = person(personId, {
      contentHash: Buffer.alloc(32, 10 + serial),
      filings: [],
      agentPurchaseDisabled,
    });
    await registry.verification.importPersons({ persons: [changed] }, authority(`s${serial}`));
    assert.deepEqual(await asked(), agentPurchaseDisabled);
  }
  const backwards = person(personId, { filings: [], agentPurchaseDisabled: { from: closed.to, to: open.from } });
  assert.deepEqual(shown(await registry.verification.importPersons({ persons: [backwards] }, authority('s9'))), [
    'REQUEST_INVALID /persons/0/agentPurchaseDisabled/to ENDS_BEFORE_IT_BEGINS',
  ]);
});

test('equal content changes nothing although it was sealed anew; other content replaces the person whole', async () => {
  const [personId = ''] = await allot(hash);
  const before = await registry.verification.findPerson({ identityHash: hash }, context);
  assert.deepEqual(await registry.verification.importPersons({ persons: [person(personId)] }, authority('p2')), {
    changed: 0,
    unchanged: 1,
  });
  assert.deepEqual(await registry.verification.findPerson({ identityHash: hash }, context), before);
  const other = person(personId, {
    contentHash: Buffer.alloc(32, 2),
    insurances: [],
    filings: person(personId).filings.slice(1),
  });
  assert.deepEqual(await registry.verification.importPersons({ persons: [other] }, authority('p3')), {
    changed: 1,
    unchanged: 0,
  });
  assert.deepEqual(await registry.verification.getEntitlement({ personId, at: new Date() }, context), {
    insurances: [],
    filings: other.filings,
    agentPurchaseDisabled: undefined,
  });
  assert.deepEqual(await registry.verification.importPersons({ persons: [other] }, authority('p1')), {
    changed: 1,
    unchanged: 0,
  });
  assert.deepEqual(shown(await registry.verification.importPersons({ persons: [] }, authority('p1', 'x'))), [
    'IDEMPOTENCY_KEY_REUSED',
  ]);
});

test('persons are imported all or none', async () => {
  const [known = ''] = await allot(randomBytes(32));
  const stranger = '00000000-0000-4000-8000-000000000000';
  const outcome = await registry.verification.importPersons(
    { persons: [person(known), person(stranger)] },
    authority('p4'),
  );
  assert.deepEqual(shown(outcome), ['REQUEST_INVALID /persons/1/personId UNKNOWN_PERSON']);
  const malformed = await registry.verification.importPersons({ persons: [person('nobody')] }, authority('p5'));
  assert.deepEqual(shown(malformed), ['REQUEST_INVALID /persons/0/personId NOT_A_UUID']);
  const [row] = await registry.database.sql`select version::int from person where person_id = ${known}`;
  assert.equal(row?.['version'], 0);
});

test('a filing stays with its person', async () => {
  const [first = '', second = ''] = await allot(hash, randomBytes(32));
  const thief = person(second, { filings: person(first).filings.slice(1) });
  assert.deepEqual(shown(await registry.verification.importPersons({ persons: [thief] }, authority('p6'))), [
    'REQUEST_INVALID /persons/0/filings/0/filingId FILING_OF_ANOTHER_PERSON',
  ]);
});

test('nobody is entitled to anything when nobody was imported', async () => {
  for (const personId of ['', 'nobody', '00000000-0000-4000-8000-000000000000']) {
    assert.deepEqual(await registry.verification.getEntitlement({ personId, at: new Date() }, context), {
      insurances: [],
      filings: [],
      agentPurchaseDisabled: undefined,
    });
  }
});

test('the books count imported persons and aggregates', async () => {
  assert.deepEqual(await registryBooks(registry.database.sql), { persons: 2, aggregates: { PROFILE: 3 } });
});
