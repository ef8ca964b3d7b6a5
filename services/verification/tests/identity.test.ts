import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import type { Insurance } from '@erx/proto/registry/v1/registry_service';
import { IdentityChecked, IdentityRefused } from '@erx/proto/verification/v1/verification_events';
import { since } from '../src/domain/signer.fixture.ts';
import {
  authority,
  compact,
  credential,
  now,
  PHARMACY,
  patient,
  png,
  shown,
  stranger,
} from '../src/domain/world.fixture.ts';
import { assertNowhere, authorityCall, given, patientCall, pharmacyCall, startTestVerification } from './support.ts';

const hub = await startTestVerification();
test.after(() => hub[Symbol.asyncDispose]());

const active: Insurance = {
  poolingRegion: '420100',
  insuranceType: '310',
  status: 'ACTIVE',
  period: since,
  remoteFilings: [{ region: '220100', period: since }],
};
const lapsed = { certType: '01', certNo: '990101195001011259', name: '钱猋麤' };
const { personIds } = given(
  await hub.gateway.importPersons(
    {
      persons: [
        { person: { ...patient, phone: '' }, insurances: [active], filings: [] },
        { person: { ...lapsed, phone: '' }, insurances: [{ ...active, status: 'SUSPENDED' }], filings: [] },
      ],
    },
    authorityCall(),
  ),
);

const shownAt = (change: Record<string, unknown> = {}) =>
  compact(authority.signed(credential({ credentialId: randomUUID(), ...change })));
const check = (text: string, call = pharmacyCall()) =>
  hub.gateway.checkIdentity({ institutionId: PHARMACY, purpose: 'DISPENSE', credential: text }, call);
const grantOf = (grantId: string, institutionId = PHARMACY, purpose = 'DISPENSE', call = pharmacyCall()) =>
  hub.dispensing.getGrant({ grantId, institutionId, purpose }, call);

async function checks(): Promise<number> {
  const [row] = await hub.database.sql<{ n: number }[]>`select count(*)::int as n from identity_check`;
  return row?.n ?? 0;
}

async function newest<T>(codec: { decode(bytes: Uint8Array): T }) {
  const [row] = await hub.database.sql<{ key: string; headers: string; payload: Uint8Array }[]>`
    select key, headers, payload from outbox where type like 'erx.verification%' order by seq desc limit 1`;
  assert.ok(row);
  return { key: row.key, headers: JSON.parse(row.headers), event: codec.decode(row.payload) };
}

test('HB-23a a good credential gives a grant for 30 minutes, with a masked name and the insurance of the day', async () => {
  const answer = given(await check(shownAt()));
  const insurance = {
    personId: personIds[0],
    poolingRegion: '420100',
    insuranceType: '310',
    active: true,
    remoteFilingRegions: ['220100'],
  };
  assert.equal(answer.maskedName, '赵**');
  assert.equal(answer.expiresAt?.toISOString(), new Date(now.getTime() + 30 * 60_000).toISOString());
  assert.deepEqual(answer.insurance, insurance);
  const grant = given(await grantOf(answer.grantId));
  assert.equal(grant.personId, personIds[0]);
  assert.deepEqual(grant.insurance, insurance);
  const persons = [grant.person].flatMap((person) => person ?? []);
  const opened = await hub.gateway.openPersons({ persons, operation: 'sale.sell' }, pharmacyCall());
  assert.deepEqual(given(opened).persons, [{ ...patient, phone: '' }]);
});

test('a check is an event with person, purpose and places, and with nothing personal', async () => {
  const answer = given(await check(shownAt()));
  const { key, headers, event } = await newest(IdentityChecked);
  assert.equal(key, answer.checkId);
  assert.equal(headers.ce_territory, '420111,420100');
  assert.equal(event.personId, personIds[0]);
  assert.equal(event.grantId, answer.grantId);
  assert.equal(event.context?.actor?.operator, 'till-1');
  assert.doesNotMatch(JSON.stringify(event), new RegExp(`${patient.name}|${patient.certNo}`));
});

test('the same request again has the same grant, also after the credential expired', async () => {
  const text = shownAt();
  const call = pharmacyCall();
  const first = given(await check(text, call));
  hub.clock.set('2026-03-02T12:00:00+08:00');
  try {
    assert.deepEqual(given(await check(text, call)), first);
    const other = { ...call, request: { clientId: 'pharmacy-1', key: call.request?.key ?? '', hash: 'other' } };
    assert.deepEqual(shown(await check(text, other)), ['IDEMPOTENCY_KEY_REUSED']);
  } finally {
    hub.clock.set(now.toISOString());
  }
});

test('two tills with one credential at the same instant: one grant; the other, and any later one, is refused', async () => {
  const text = shownAt();
  const outcomes = await Promise.all([check(text), check(text)]);
  assert.equal(outcomes.filter((outcome) => !('refused' in outcome)).length, 1);
  const refused = ['CREDENTIAL_INVALID /credential USED_BEFORE'];
  assert.deepEqual(outcomes.filter((outcome) => 'refused' in outcome).map(shown), [refused]);
  assert.deepEqual(shown(await check(text)), refused);
});

test('the same request at the same instant is one check', async () => {
  const text = shownAt();
  const call = pharmacyCall();
  const [first, second] = await Promise.all([check(text, call), check(text, call)]);
  assert.deepEqual(given(first as object), given(second as object));
});

const refusals: [name: string, text: () => string, expected: string[]][] = [
  ['CX-29a no credential', () => '', ['CREDENTIAL_INVALID /credential NOT_A_CREDENTIAL']],
  ['CX-29a a text that is none', () => 'a.b.c', ['CREDENTIAL_INVALID /credential NOT_A_CREDENTIAL']],
  [
    'CX-29a a credential of a key that is not on record',
    () => compact(stranger.signed(credential())),
    ['CREDENTIAL_INVALID /credential NO_KEY_ON_RECORD_MADE_IT'],
  ],
  [
    'CX-29a an authority that is none',
    () => shownAt({ authorityId: PHARMACY }),
    ['CREDENTIAL_INVALID /credential UNKNOWN_AUTHORITY'],
  ],
  [
    'HB-23a shown elsewhere, too late, by somebody else: all at once',
    () => shownAt({ institutionId: 'P-2', expiresAt: '2026-03-02T10:00:00+08:00', faceMatch: false }),
    [
      'CREDENTIAL_INVALID /credential SHOWN_ELSEWHERE',
      'CREDENTIAL_INVALID /credential EXPIRED',
      'IDENTITY_MISMATCH /credential NOT_THE_PERSON_ON_THE_CARD',
    ],
  ],
  ['HB-23a another name', () => shownAt({ name: '钱猋麤' }), ['IDENTITY_MISMATCH /credential OTHER_NAME']],
  ['CX-5a nobody known', () => shownAt({ certNo: '99010119600101127X' }), ['INSURED_SCHEME_NOT_COVERED /credential']],
];
for (const [name, text, expected] of refusals) {
  test(`${name} is refused, changes nothing and is on record as an event`, async () => {
    const before = await checks();
    assert.deepEqual(shown(await check(text())), expected);
    assert.equal(await checks(), before);
    const { event } = await newest(IdentityRefused);
    assert.deepEqual(shown({ refused: event.refusals }), expected);
    assert.equal(event.institutionId, PHARMACY);
    assert.deepEqual((await hub.eventTypes()).slice(-2), ['IdentityRefused', 'RequestRefused']);
  });
}

test('a refused request leaves its key free', async () => {
  const call = pharmacyCall();
  const text = shownAt();
  assert.deepEqual(shown(await check('', call)), ['CREDENTIAL_INVALID /credential NOT_A_CREDENTIAL']);
  given(await check(text, call));
});

test('CX-5a a suspended insurance is said, not refused: the patient may look, the fund decides when it pays', async () => {
  const { insurance } = given(await check(shownAt(lapsed)));
  assert.deepEqual([insurance?.active, insurance?.poolingRegion], [false, '420100']);
});

test('GRANT_INVALID a grant holds for its pharmacy, its purpose and its time', async () => {
  const { grantId } = given(await check(shownAt()));
  const invalid = ['GRANT_INVALID /grantId'];
  assert.deepEqual(shown(await grantOf(grantId, 'P-2')), invalid);
  assert.deepEqual(shown(await grantOf(grantId, PHARMACY, 'PATIENT_ACCESS')), invalid);
  assert.deepEqual(shown(await grantOf(randomUUID())), invalid);
  assert.deepEqual(shown(await grantOf('no uuid \u0000')), invalid);
  assert.deepEqual(shown(await grantOf('')), ['IDENTITY_CHECK_MISSING /grantId']);
  hub.clock.set('2026-03-02T10:29:59.999+08:00');
  given(await grantOf(grantId));
  hub.clock.set('2026-03-02T10:30:00+08:00');
  assert.deepEqual(shown(await grantOf(grantId)), invalid);
  hub.clock.set(now.toISOString());
});

test('a patient’s app gets a grant to look, of its own, and no other', async () => {
  const text = shownAt({ institutionId: 'patient-app' });
  const request = { institutionId: '', purpose: 'PATIENT_ACCESS', credential: text };
  const { grantId } = given(await hub.gateway.checkIdentity(request, patientCall()));
  given(await grantOf(grantId, '', 'PATIENT_ACCESS', patientCall()));
  given(await grantOf(grantId, 'patient-app', 'PATIENT_ACCESS', patientCall()));
  assert.deepEqual(shown(await grantOf(grantId, PHARMACY)), ['GRANT_INVALID /grantId']);
});

test('nobody asks for a purpose or a place that is not theirs', async () => {
  const ask = (institutionId: string, purpose: string, call: ReturnType<typeof pharmacyCall>) =>
    hub.gateway.checkIdentity({ institutionId, purpose, credential: shownAt() }, call);
  const denied = ['ACCESS_SCOPE_DENIED /purpose'];
  assert.deepEqual(shown(await ask(PHARMACY, 'PATIENT_ACCESS', pharmacyCall())), denied);
  assert.deepEqual(shown(await ask('P-2', 'DISPENSE', pharmacyCall())), denied);
  assert.deepEqual(shown(await ask('', 'DISPENSE', patientCall())), denied);
  assert.deepEqual(shown(await ask(PHARMACY, 'PATIENT_ACCESS', patientCall())), denied);
});

test('HB-24d a signature is sealed for grant and purchase list; a bad image and a dead grant are refused', async () => {
  const { grantId } = given(await check(shownAt()));
  const listSm3 = 'ab'.repeat(32);
  const seal = (change: object) =>
    hub.gateway.sealSignature({ grantId, institutionId: PHARMACY, image: png(), listSm3, ...change }, pharmacyCall());
  const sealed = given(await seal({}));
  assert.equal(sealed.personId, personIds[0]);
  assert.equal(Buffer.from(sealed.imageSealed).includes(Buffer.from(png().subarray(16, 100))), false);
  assert.deepEqual(shown(await seal({ image: png(64 * 1024 + 1), listSm3: 'AB' })), [
    'REQUEST_INVALID /signatureImage NO_IMAGE',
    'REQUEST_INVALID /listSm3 NOT_AN_SM3',
  ]);
  given(await seal({ image: png(64 * 1024) }));
  assert.deepEqual(shown(await seal({ grantId: randomUUID() })), ['GRANT_INVALID /grantId']);
});

test('no table, event or stored answer says who was checked, not even masked', async () => {
  const { maskedName } = given(await check(shownAt()));
  await assertNowhere(hub.database, [patient.name, patient.certNo, maskedName, lapsed.name, lapsed.certNo]);
});
