import assert from 'node:assert/strict';
import test from 'node:test';
import { PersonalDataOpened } from '@erx/proto/verification/v1/verification_events';
import type { ImportedPerson } from '@erx/proto/verification/v1/verification_service';
import { since } from '../src/domain/signer.fixture.ts';
import { patient, shown } from '../src/domain/world.fixture.ts';
import { verificationBooks } from '../src/queries/books.ts';
import { assertNowhere, authorityCall, given, hospitalCall, pharmacyCall, startTestVerification } from './support.ts';

const hub = await startTestVerification();
test.after(() => hub[Symbol.asyncDispose]());

const PHONE = '15490010000';
const other = { certType: '01', certNo: '990101195001011259', name: '钱猋麤', phone: '15490010173' };

function imported(change: Partial<ImportedPerson> = {}): ImportedPerson {
  const insurance = {
    poolingRegion: '420100',
    insuranceType: '310',
    status: 'ACTIVE',
    period: since,
    remoteFilings: [],
  };
  return { person: { ...patient, phone: PHONE }, insurances: [insurance], filings: [], ...change };
}

const [personId = ''] = given(await hub.gateway.importPersons({ persons: [imported()] }, authorityCall())).personIds;

test('an imported person is sealed: registry and the database hold nothing that can be read', async () => {
  const stored = hub.registry.persons.get(personId);
  assert.ok(stored);
  const bytes = Buffer.concat([stored.nameSealed, stored.identitySealed, stored.phoneSealed, stored.contentHash]);
  for (const secret of [patient.name, patient.certNo, PHONE]) assert.equal(bytes.includes(secret), false);
  const [key] = await hub.database.sql`
    select wrapped, wrap_key_id, version from person_key where person_id = ${personId}`;
  assert.equal(key?.['wrapped'].length, 60);
  assert.match(key?.['wrap_key_id'], /^[0-9a-f]{16}$/);
});

test('a repeated import is recognised although everything was sealed anew', async () => {
  const again = given(await hub.gateway.importPersons({ persons: [imported()] }, authorityCall()));
  assert.deepEqual(again, { changed: 0, unchanged: 1, personIds: [personId] });
  const changed = given(await hub.gateway.importPersons({ persons: [imported({ insurances: [] })] }, authorityCall()));
  assert.deepEqual(changed, { changed: 1, unchanged: 0, personIds: [personId] });
  given(await hub.gateway.importPersons({ persons: [imported()] }, authorityCall()));
});

test('two imports of a new person at the same instant give one person with one key', async () => {
  const persons = [imported({ person: { ...other } })];
  const both = await Promise.all([0, 1].map(() => hub.gateway.importPersons({ persons }, authorityCall())));
  const [first, second] = both.map((outcome) => given(outcome).personIds[0]);
  assert.equal(first, second);
  const found = given(await hub.gateway.identify({ person: { ...other, phone: '' } }, hospitalCall()));
  assert.equal(found.person?.personId, first);
  const persons2 = [found.person].flatMap((each) => each ?? []);
  const opened = given(
    await hub.gateway.openPersons({ persons: persons2, operation: 'prescription.read' }, hospitalCall()),
  );
  assert.deepEqual(opened.persons, [other]);
});

test('an import is all or nothing, and names every problem at its place without repeating a value', async () => {
  const before = hub.registry.persons.size;
  const persons = [
    imported({ person: { ...other, certNo: '990101195001011252', name: ' ' } }),
    imported(),
    imported({ person: undefined }),
    imported({ person: { ...patient, certType: '99', phone: 'call me' } }),
    imported(),
  ];
  const outcome = await hub.gateway.importPersons({ persons }, authorityCall());
  assert.deepEqual(shown(outcome), [
    'REQUEST_INVALID /persons/0/certNo CHECK_DIGIT',
    'REQUEST_INVALID /persons/0/name NOT_A_NAME',
    'REQUEST_INVALID /persons/2 PERSON_MISSING',
    'REQUEST_INVALID /persons/3/certType UNKNOWN_VALUE',
    'REQUEST_INVALID /persons/3/phone NOT_A_PHONE_NUMBER',
    'REQUEST_INVALID /persons/4/certNo DUPLICATE',
  ]);
  assert.doesNotMatch(JSON.stringify(outcome), new RegExp(`${patient.certNo}|call me`));
  assert.equal(hub.registry.persons.size, before);
});

test('only the authority imports persons', async () => {
  assert.deepEqual(shown(await hub.gateway.importPersons({ persons: [] }, hospitalCall())), ['ACCESS_SCOPE_DENIED']);
});

test('CX-28b a known person is identified by number and name; the phone number given now is sealed along', async () => {
  const { person } = given(
    await hub.gateway.identify({ person: { ...patient, phone: '15490019999' } }, hospitalCall()),
  );
  assert.equal(person?.personId, personId);
  const persons = [person].flatMap((each) => each ?? []);
  const opened = given(await hub.gateway.openPersons({ persons, operation: 'prescription.read' }, hospitalCall()));
  assert.deepEqual(opened.persons, [{ ...patient, phone: '15490019999' }]);
});

test('CX-28b another name than the recorded one is IDENTITY_MISMATCH', async () => {
  const outcome = await hub.gateway.identify({ person: { ...patient, name: '钱猋麤', phone: '' } }, hospitalCall());
  assert.deepEqual(shown(outcome), ['IDENTITY_MISMATCH /patient OTHER_NAME']);
});

test('CX-5a somebody whom nobody insured is INSURED_SCHEME_NOT_COVERED', async () => {
  const unknown = { certType: '01', certNo: '99010119600101127X', name: '孙毳焱', phone: '' };
  const outcome = await hub.gateway.identify({ person: unknown }, hospitalCall());
  assert.deepEqual(shown(outcome), ['INSURED_SCHEME_NOT_COVERED /patient']);
});

test('a malformed person is refused with every place at once', async () => {
  const outcome = await hub.gateway.identify(
    { person: { certType: '', certNo: '1', name: '', phone: 'x' } },
    hospitalCall(),
  );
  assert.deepEqual(shown(outcome), [
    'REQUEST_INVALID /patient/certType UNKNOWN_VALUE',
    'REQUEST_INVALID /patient/certNo LENGTH',
    'REQUEST_INVALID /patient/name NOT_A_NAME',
    'REQUEST_INVALID /patient/phone NOT_A_PHONE_NUMBER',
  ]);
  assert.deepEqual(shown(await hub.gateway.identify({ person: undefined }, hospitalCall())), [
    'REQUEST_INVALID /patient PERSON_MISSING',
  ]);
});

test('opening personal data is on record, without the data, and only for operations of the reader', async () => {
  const { person } = given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  const persons = [person].flatMap((each) => each ?? []);
  const before = await hub.eventTypes();
  given(await hub.gateway.openPersons({ persons, operation: 'prescription.read' }, hospitalCall()));
  assert.deepEqual((await hub.eventTypes()).slice(before.length), ['PersonalDataOpened']);
  for (const operation of ['prescription.read', 'internal', 'made-up']) {
    const denied = await hub.gateway.openPersons({ persons, operation }, pharmacyCall());
    assert.deepEqual(shown(denied), ['ACCESS_SCOPE_DENIED'], operation);
  }
  const refused = ['RequestRefused', 'RequestRefused', 'RequestRefused'];
  assert.deepEqual((await hub.eventTypes()).slice(before.length), ['PersonalDataOpened', ...refused]);
});

test('an opening is one entry that says who, whose, which fields and what for', async () => {
  const { person } = given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  const { person: second } = given(await hub.gateway.identify({ person: { ...other, phone: '' } }, hospitalCall()));
  assert.ok(person && second);
  const persons = [{ ...person, phoneSealed: new Uint8Array() }, second, second];
  given(await hub.gateway.openPersons({ persons, operation: 'prescription.read' }, hospitalCall()));
  const opening = await lastOpening();
  assert.deepEqual(opening.personIds, [person.personId, second.personId]);
  assert.deepEqual(opening.fields, ['NAME', 'IDENTITY', 'PHONE']);
  assert.equal(opening.operation, 'prescription.read');
  assert.equal(opening.context?.actor?.clientId, 'hospital-1');
  assert.match(opening.readId, /^[0-9a-f-]{36}$/);
});

test('when the opening cannot be recorded, nothing is opened', async () => {
  const { person } = given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  const request = { persons: [person].flatMap((each) => each ?? []), operation: 'prescription.read' };
  await hub.database
    .sql`alter table outbox add constraint full_up check (type not like '%PersonalDataOpened') not valid`;
  try {
    await assert.rejects(async () => hub.gateway.openPersons(request, hospitalCall()));
  } finally {
    await hub.database.sql`alter table outbox drop constraint full_up`;
  }
  given(await hub.gateway.openPersons(request, hospitalCall()));
});

test('CX-28b comparing a name opens nothing; where only an opening can tell, it is recorded', async () => {
  const asked = { person: { ...patient, phone: '' } };
  const before = await hub.eventTypes();
  given(await hub.gateway.identify(asked, hospitalCall()));
  assert.deepEqual((await hub.eventTypes()).slice(before.length), []);
  const stored = hub.registry.persons.get(personId);
  assert.ok(stored);
  hub.registry.persons.set(personId, { ...stored, nameHash: new Uint8Array() });
  try {
    given(await hub.gateway.identify(asked, hospitalCall()));
    const { fields, operation } = await lastOpening();
    assert.deepEqual({ fields, operation }, { fields: ['NAME'], operation: 'prescription.precheck' });
    const wrong = { person: { ...patient, name: '钱猋麤', phone: '' } };
    assert.deepEqual(shown(await hub.gateway.identify(wrong, hospitalCall())), [
      'IDENTITY_MISMATCH /patient OTHER_NAME',
    ]);
  } finally {
    hub.registry.persons.set(personId, stored);
  }
});

test('sealed fields of one person do not open as those of another', async () => {
  const { person } = given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  const { person: second } = given(await hub.gateway.identify({ person: { ...other, phone: '' } }, hospitalCall()));
  assert.ok(person && second);
  const swapped = { ...person, nameSealed: second.nameSealed };
  await assert.rejects(async () =>
    hub.gateway.openPersons({ persons: [swapped], operation: 'prescription.read' }, hospitalCall()),
  );
});

test('a sealed field moved to another field does not open', async () => {
  const { person } = given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  assert.ok(person);
  const moved = { ...person, phoneSealed: person.identitySealed };
  await assert.rejects(async () =>
    hub.gateway.openPersons({ persons: [moved], operation: 'prescription.read' }, hospitalCall()),
  );
});

test('with registry away, identifying is unavailable rather than wrong', async () => {
  await hub.registry.away();
  try {
    await assert.rejects(
      async () => hub.gateway.identify({ person: { ...patient, phone: '' } }, { ...hospitalCall(), deadlineMs: 3_500 }),
      { name: 'UnavailableError' },
    );
  } finally {
    await hub.registry.back();
  }
});

async function lastOpening(): Promise<PersonalDataOpened> {
  const [row] = await hub.database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where type = 'erx.verification.v1.PersonalDataOpened' order by seq desc limit 1`;
  assert.ok(row);
  return PersonalDataOpened.decode(row.payload);
}

test('nothing personal is in any table, event or answer log', () =>
  assertNowhere(hub.database, [patient.name, patient.certNo, PHONE, other.name, other.certNo]));

test('the books count keys and find nobody unreadable', async () => {
  assert.deepEqual(await verificationBooks(hub.database.sql), { checks: {}, keys: 2, unreadable: [] });
});
