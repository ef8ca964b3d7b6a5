import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { IdentityRefused } from '@erx/proto/verification/v1/verification_events';
import type { ResolvedProfile } from '@erx/reference';
import { since } from '../src/domain/signer.fixture.ts';
import {
  agent,
  authority,
  compact,
  credential,
  now,
  PHARMACY,
  patient,
  png,
  reference,
  shown,
} from '../src/domain/world.fixture.ts';
import { verificationBooks } from '../src/queries/books.ts';
import { assertNowhere, authorityCall, given, patientCall, pharmacyCall, startTestVerification } from './support.ts';

let agentPurchase = 'CONDITIONS';
const profile = () =>
  ({ values: { agentPurchase }, version: '420000@1', region: '420000' }) as unknown as ResolvedProfile;
const hub = await startTestVerification({ reference: { ...reference, profile } });
test.after(() => hub[Symbol.asyncDispose]());

const insurance = { poolingRegion: '420100', insuranceType: '310', status: 'ACTIVE', period: since, remoteFilings: [] };
const other = { certType: '01', certNo: '990101195001011259', name: '钱猋麤' };
const { personIds } = given(
  await hub.gateway.importPersons(
    {
      persons: [patient, other].map((each) => ({
        person: { ...each, phone: '' },
        insurances: [insurance],
        filings: [],
      })),
    },
    authorityCall(),
  ),
);
const PHONE = '15490010173';
const LIST = 'ab'.repeat(32);

const shownAt = (change: Record<string, unknown> = {}) =>
  compact(authority.signed(credential({ credentialId: randomUUID(), ...change })));
const ofPatient = () => shownAt({ presenter: 'AGENT', faceMatch: false });
const ofAgent = (change: Record<string, unknown> = {}) => shownAt({ ...agent, ...change });

type Asked = { credential?: string; agent?: { credential?: string; phone?: string; relation?: string } };

function check({ credential: text = ofPatient(), agent: given = {} }: Asked, call = pharmacyCall()) {
  const whole = { credential: given.credential ?? ofAgent(), phone: PHONE, relation: 'CHILD', ...given };
  return hub.gateway.checkIdentity(
    { institutionId: PHARMACY, purpose: 'DISPENSE', credential: text, agent: whole },
    call,
  );
}
const grantOf = async (grantId: string) =>
  given(await hub.dispensing.getGrant({ grantId, institutionId: PHARMACY, purpose: 'DISPENSE' }, pharmacyCall()));
const seal = (grantId: string, image: Uint8Array) =>
  hub.gateway.sealSignature({ grantId, institutionId: PHARMACY, image, listSm3: LIST }, pharmacyCall());

async function rows() {
  const [row] = await hub.database.sql<{ checks: number; agents: number; shown: number; keys: number }[]>`
    select (select count(*)::int from identity_check) as checks,
           (select count(*)::int from identity_check_agent) as agents,
           (select count(*)::int from presented_credential) as shown,
           (select count(*)::int from person_key) as keys`;
  return row;
}

test('AS-03 HB-24a of an agent nothing is kept while the check is refused, in none of the three ways', async () => {
  const before = await rows();
  const persons = hub.registry.ids.size;
  const refusals: [Asked, string[]][] = [
    [{ credential: '' }, ['AGENT_IDENTITY_UNVERIFIED /credential NOT_A_CREDENTIAL']],
    [{ agent: { credential: '' } }, ['AGENT_IDENTITY_UNVERIFIED /agent/credential NOT_A_CREDENTIAL']],
    [
      { agent: { credential: ofAgent({ faceMatch: false }) } },
      ['AGENT_IDENTITY_UNVERIFIED /agent/credential NOT_THE_PERSON_ON_THE_CARD'],
    ],
    [{ agent: { phone: '' } }, ['AGENT_CONTACT_MISSING /agent/phone MISSING']],
    [{ agent: { relation: '' } }, ['REQUEST_INVALID /agent/relation UNKNOWN_VALUE']],
    [
      { agent: { credential: shownAt({ ...other, name: '赵犇骉' }) } },
      ['AGENT_IDENTITY_UNVERIFIED /agent/credential OTHER_NAME'],
    ],
    [{ credential: shownAt({ certNo: '990101196101011273' }) }, ['INSURED_SCHEME_NOT_COVERED /credential']],
  ];
  for (const [asked, expected] of refusals) assert.deepEqual(shown(await check(asked)), expected);
  assert.deepEqual(await rows(), before);
  assert.equal(hub.registry.ids.size, persons);
  const [event] = await hub.database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where type = 'erx.verification.v1.IdentityRefused' order by seq limit 1`;
  const { refusals: recorded } = IdentityRefused.decode(event?.payload ?? new Uint8Array());
  assert.deepEqual(shown({ refused: recorded }), ['AGENT_IDENTITY_UNVERIFIED /credential NOT_A_CREDENTIAL']);
});

test('HB-24a a card that an agent holds out, without the agent’s own, is AGENT_IDENTITY_UNVERIFIED', async () => {
  const request = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: ofPatient() };
  assert.deepEqual(shown(await hub.gateway.checkIdentity(request, pharmacyCall())), [
    'AGENT_IDENTITY_UNVERIFIED /agent AGENT_MISSING',
  ]);
});

test('HB-24a an agent collects at a counter: a patient’s app has none', async () => {
  const request = {
    institutionId: '',
    purpose: 'PATIENT_ACCESS',
    credential: shownAt({ institutionId: 'patient-app' }),
    agent: { credential: ofAgent({ institutionId: 'patient-app' }), phone: PHONE, relation: 'CHILD' },
  };
  assert.deepEqual(shown(await hub.gateway.checkIdentity(request, patientCall())), [
    'REQUEST_INVALID /agent NOT_AT_A_COUNTER',
  ]);
});

test('AS-03 HB-24c both cards and a phone: a grant for the patient, with the agent as a person of the hub', async () => {
  const answer = given(await check({}));
  assert.equal(answer.maskedName, '赵**');
  const grant = await grantOf(answer.grantId);
  assert.equal(grant.personId, personIds[0]);
  assert.equal(grant.agent?.relation, 'CHILD');
  const persons = [grant.agent?.person].flatMap((person) => person ?? []);
  const opened = await hub.gateway.openPersons({ persons, operation: 'agent-register.read' }, pharmacyCall());
  assert.deepEqual(given(opened).persons, [{ ...agent, phone: PHONE }]);
  const again = await grantOf(given(await check({})).grantId);
  assert.equal(again.agent?.person?.personId, grant.agent?.person?.personId);
});

test('HB-24a where the region forbids agents, one is refused whatever they show', async () => {
  agentPurchase = 'FORBIDDEN';
  const outcome = await check({});
  agentPurchase = 'CONDITIONS';
  assert.deepEqual(shown(outcome), ['AGENT_PURCHASE_DISABLED /agent']);
});

test('GX-4h for a person under that sanction nobody may collect, while it lasts; the person may', async () => {
  const sanctioned = { certType: '01', certNo: '990101196502021257', name: '孙骉羴' };
  const sanctionFrom = (from: Date, to?: Date) =>
    hub.gateway.importPersons(
      {
        persons: [
          {
            person: { ...sanctioned, phone: '' },
            insurances: [insurance],
            filings: [],
            agentPurchaseDisabled: { from, to },
          },
        ],
      },
      authorityCall(),
    );
  given(await sanctionFrom(new Date(now.getTime() - 1)));
  const before = await rows();
  const persons = hub.registry.ids.size;
  const forOther = () => check({ credential: shownAt({ ...sanctioned, presenter: 'AGENT', faceMatch: false }) });
  assert.deepEqual(shown(await forOther()), ['AGENT_PURCHASE_DISABLED /agent']);
  assert.deepEqual(await rows(), before);
  assert.equal(hub.registry.ids.size, persons, 'the agent is not known to the hub by this');
  const alone = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: shownAt(sanctioned) };
  given(await hub.gateway.checkIdentity(alone, pharmacyCall()));
  given(await sanctionFrom(new Date(now.getTime() - 2), now));
  given(await forOther());
});

test('HB-24c an insured agent is the same person as at the own counter; without an agent a grant has none', async () => {
  const grant = await grantOf(given(await check({ agent: { credential: shownAt(other) } })).grantId);
  assert.equal(grant.agent?.person?.personId, personIds[1]);
  const alone = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: shownAt() };
  const { grantId } = given(await hub.gateway.checkIdentity(alone, pharmacyCall()));
  assert.equal((await grantOf(grantId)).agent, undefined);
});

test('HB-24a a card is good for one check in whichever hand, also for two tills at one instant', async () => {
  const card = ofAgent();
  const both = await Promise.all([check({ agent: { credential: card } }), check({ agent: { credential: card } })]);
  const refused = ['AGENT_IDENTITY_UNVERIFIED /agent/credential USED_BEFORE'];
  assert.deepEqual(both.filter((outcome) => 'refused' in outcome).map(shown), [refused]);
  const before = await rows();
  assert.deepEqual(shown(await check({ agent: { credential: card } })), refused);
  const patientsOwn = shownAt();
  given(await check({ credential: patientsOwn }));
  assert.deepEqual(shown(await check({ credential: patientsOwn })), [
    'AGENT_IDENTITY_UNVERIFIED /credential USED_BEFORE',
  ]);
  const asPatient = shownAt(other);
  given(await check({ agent: { credential: asPatient } }));
  const alone = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: asPatient };
  assert.deepEqual(shown(await hub.gateway.checkIdentity(alone, pharmacyCall())), [
    'CREDENTIAL_INVALID /credential USED_BEFORE',
  ]);
  assert.equal((await rows())?.checks, (before?.checks ?? 0) + 2);
});

test('the same request again has the same grant with the same agent', async () => {
  const [asked, call] = [{ credential: ofPatient(), agent: { credential: ofAgent() } }, pharmacyCall()];
  const first = given(await check(asked, call));
  assert.deepEqual(given(await check(asked, call)), first);
  assert.equal((await grantOf(first.grantId)).agent?.relation, 'CHILD');
});

test('AS-03 HB-24d the agent signs for the agent: sealed for that person, and missing it has its own code', async () => {
  const { grantId } = given(await check({}));
  assert.deepEqual(shown(await seal(grantId, new Uint8Array())), ['AGENT_SIGNATURE_MISSING /signatureImage']);
  const sealed = given(await seal(grantId, png()));
  assert.equal(sealed.personId, (await grantOf(grantId)).agent?.person?.personId);
  const alone = { institutionId: PHARMACY, purpose: 'DISPENSE', credential: shownAt() };
  const own = given(await hub.gateway.checkIdentity(alone, pharmacyCall()));
  assert.deepEqual(shown(await seal(own.grantId, new Uint8Array())), ['HANDOVER_SIGNATURE_MISSING /signatureImage']);
  hub.clock.set('2026-03-02T10:30:00+08:00');
  assert.deepEqual(shown(await seal(grantId, new Uint8Array())), ['GRANT_INVALID /grantId']);
  hub.clock.set(now.toISOString());
});

test('no table, event or stored answer says who the agent is, and everybody recognised has a key', async () => {
  given(await check({}));
  await assertNowhere(hub.database, [agent.name, agent.certNo, PHONE, patient.name, patient.certNo]);
  assert.deepEqual((await verificationBooks(hub.database.sql)).unreadable, []);
});
