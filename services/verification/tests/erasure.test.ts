import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import { PersonErased } from '@erx/proto/verification/v1/verification_events';
import { since } from '../src/domain/signer.fixture.ts';
import { authority, compact, credential, PHARMACY, patient, shown } from '../src/domain/world.fixture.ts';
import { authorityCall, given, hospitalCall, pharmacyCall, startTestVerification } from './support.ts';

const hub = await startTestVerification();
test.after(() => hub[Symbol.asyncDispose]());

const insurance = { poolingRegion: '420100', insuranceType: '310', status: 'ACTIVE', period: since, remoteFilings: [] };
const clear = { ...patient, phone: '15490010000' };
const other = { certType: '01', certNo: '990101195001011259', name: '钱猋麤', phone: '15490010173' };

async function importAnew(person: typeof clear): Promise<{ personId: string; changed: number }> {
  const persons = [{ person, insurances: [insurance], filings: [] }];
  const { personIds, changed } = given(await hub.gateway.importPersons({ persons }, authorityCall()));
  return { personId: personIds[0] ?? '', changed };
}
const identified = async (person: typeof clear) =>
  given(await hub.gateway.identify({ person }, hospitalCall())).person as SealedPerson;
const open = async (persons: SealedPerson[], gateway = hub.gateway) =>
  given(await gateway.openPersons({ persons, operation: 'prescription.read' }, hospitalCall()));
const erase = (personId: string, call = authorityCall(), basis = 'PERSON_ASKED') =>
  hub.gateway.erasePerson({ personId, basis }, call);

async function erasures(): Promise<PersonErased[]> {
  const rows = await hub.database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where type = 'erx.verification.v1.PersonErased' order by seq`;
  return rows.map(({ payload }) => PersonErased.decode(payload));
}

const { personId } = await importAnew(clear);
const bystander = await importAnew(other);
const sealed = await identified(clear);
const sealedOther = await identified(other);

test('GX-3k while a prescription is retained, deletion is RETENTION_NOT_ELAPSED, says until when, and changes nothing', async () => {
  hub.retained.set(personId, new Date('2028-03-05T10:00:00+08:00'));
  const outcome = await erase(personId);
  assert.deepEqual(shown(outcome), ['RETENTION_NOT_ELAPSED /personId']);
  assert.match(JSON.stringify(outcome), /2028-03-05T/);
  assert.deepEqual((await open([sealed])).persons, [clear]);
  assert.deepEqual(await erasures(), []);
});

test('GX-3k an identity check is retained for two years, and the prescription that ends later decides', async () => {
  const shownHere = compact(authority.signed(credential({ credentialId: randomUUID() })));
  const request = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: shownHere };
  given(await hub.gateway.checkIdentity(request, pharmacyCall()));
  hub.retained.delete(personId);
  hub.clock.set('2028-03-02T09:59:59+08:00');
  assert.deepEqual(shown(await erase(personId)), ['RETENTION_NOT_ELAPSED /personId']);
  hub.retained.set(personId, new Date('2028-03-05T10:00:00+08:00'));
  hub.clock.set('2028-03-05T09:59:59+08:00');
  assert.deepEqual(shown(await erase(personId)), ['RETENTION_NOT_ELAPSED /personId']);
});

test('only the authority deletes, a person of the hub, on a known basis', async () => {
  hub.clock.set('2028-03-05T10:00:00+08:00');
  assert.deepEqual(shown(await erase(personId, hospitalCall())), ['ACCESS_SCOPE_DENIED']);
  assert.deepEqual(shown(await erase(randomUUID())), ['NOT_FOUND /personId']);
  assert.deepEqual(shown(await erase('somebody')), ['NOT_FOUND /personId']);
  assert.deepEqual(shown(await erase(personId, authorityCall(), 'BECAUSE')), ['REQUEST_INVALID /basis UNKNOWN_VALUE']);
});

test('a person deleted after retention opens for nobody, others do, and the deletion is one event', async () => {
  const call = authorityCall();
  const answer = given(await erase(personId, call));
  assert.deepEqual(given(await erase(personId, call)), answer);
  assert.deepEqual(given(await erase(personId)).erasedAt, answer.erasedAt);
  const [row] = await hub.database.sql`select wrapped, destroyed_at from person_key where person_id = ${personId}`;
  assert.equal(row?.['wrapped'], null);

  const { persons, erasedPersonIds } = await open([sealed, sealedOther]);
  assert.deepEqual(erasedPersonIds, [personId]);
  assert.deepEqual(persons, [{ certType: '', certNo: '', name: '', phone: '' }, other]);
  const events = await erasures();
  assert.deepEqual(
    events.map((event) => [event.personId, event.basis]),
    [[personId, 'PERSON_ASKED']],
  );
  assert.deepEqual(shown(await hub.gateway.identify({ person: clear }, hospitalCall())), [
    'INSURED_SCHEME_NOT_COVERED /patient',
  ]);
});

test('a database put back to an instant before the deletion forgets it again before it serves anybody', async () => {
  const [key] = await hub.database.sql<{ wrapped: Uint8Array; id: string }[]>`
    select wrapped, wrap_key_id as id from person_key where person_id = ${bystander.personId}`;
  assert.ok(key);
  given(await erase(bystander.personId));
  await hub.database.sql`
    update person_key set wrapped = ${key.wrapped}, destroyed_at = null where person_id = ${bystander.personId}`;
  assert.deepEqual((await open([sealedOther])).persons, [other]);
  const count = (await erasures()).length;
  const restarted = await hub.startAnother();
  assert.deepEqual((await open([sealedOther], restarted)).erasedPersonIds, [bystander.personId]);
  assert.equal((await erasures()).length, count + 1);
  await hub.startAnother();
  assert.equal((await erasures()).length, count + 1);
});

test('a deleted person who is imported anew gets another key: the new data opens, the old never again', async () => {
  assert.deepEqual(await importAnew(clear), { personId, changed: 1 });
  const again = await identified(clear);
  assert.deepEqual((await open([again])).persons, [clear]);
  assert.deepEqual((await open([sealed])).erasedPersonIds, [personId]);
  const restarted = await hub.startAnother();
  assert.deepEqual((await open([again], restarted)).persons, [clear]);
  assert.deepEqual(await importAnew(clear), { personId, changed: 0 });
});
