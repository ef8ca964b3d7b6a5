import assert from 'node:assert/strict';
import test from 'node:test';
import { type AgentPurchase, judgeAgentPurchase } from './agent-purchase.ts';
import { type Credential, judgeCredential, readCredential } from './credential.ts';
import type { Signer } from './signer.fixture.ts';
import * as world from './world.fixture.ts';

const made = (change: Record<string, unknown> = {}, signer: Signer = world.authority) =>
  readCredential(world.compact(signer.signed(world.credential(change))));
const held = (change: Record<string, unknown> = {}) => made({ presenter: 'AGENT', faceMatch: false, ...change });
const own = (change: Record<string, unknown> = {}) => made({ ...world.agent, ...change });
const authorityOf = ({ authorityId }: Credential) => world.reference.institution(authorityId);
const here = { holderId: world.PHARMACY, at: world.now };

const judge = (change: Partial<AgentPurchase>): unknown =>
  world.shown({
    refused: judgeAgentPurchase(
      { patient: held(), agent: own(), phone: '15490010173', relation: 'CHILD', ...change },
      authorityOf,
      here,
    ),
  });
const good = { refused: [] };

test('HB-24a both cards, the agent’s face, a phone number and a relation: nothing speaks against it', () => {
  assert.deepEqual(judge({}), good);
  assert.deepEqual(judge({ patient: made({ faceMatch: false }) }), good);
  for (const relation of ['SPOUSE', 'PARENT', 'OTHER']) assert.deepEqual(judge({ relation }), good);
});

const unverified = 'AGENT_IDENTITY_UNVERIFIED';
const refusals: [name: string, change: Partial<AgentPurchase>, expected: string[]][] = [
  ['no card of the patient', { patient: undefined }, [`${unverified} /credential NOT_A_CREDENTIAL`]],
  ['no card of the agent', { agent: undefined }, [`${unverified} /agent/credential NOT_A_CREDENTIAL`]],
  [
    'a forged card of the patient',
    { patient: made({}, world.stranger) },
    [`${unverified} /credential NO_KEY_ON_RECORD_MADE_IT`],
  ],
  [
    'a forged card of the agent, of which nothing else is told',
    { agent: made({ ...world.patient, faceMatch: false }, world.stranger) },
    [`${unverified} /agent/credential NO_KEY_ON_RECORD_MADE_IT`],
  ],
  [
    'cards shown elsewhere, or too late',
    {
      patient: held({ institutionId: 'P-2' }),
      agent: own({ expiresAt: '2026-03-02T10:00:00+08:00' }),
    },
    [`${unverified} /credential SHOWN_ELSEWHERE`, `${unverified} /agent/credential EXPIRED`],
  ],
  [
    'another face than the agent’s',
    { agent: own({ faceMatch: false }) },
    [`${unverified} /agent/credential NOT_THE_PERSON_ON_THE_CARD`],
  ],
  [
    'an agent of the agent',
    { agent: own({ presenter: 'AGENT' }) },
    [`${unverified} /agent/credential NOT_THE_PERSON_ON_THE_CARD`],
  ],
  ['the patient as agent', { agent: made() }, [`${unverified} /agent/credential IS_THE_PATIENT`]],
  ['no phone number', { phone: ' ' }, ['AGENT_CONTACT_MISSING /agent/phone MISSING']],
  ['a phone number that is none', { phone: '+-' }, ['AGENT_CONTACT_MISSING /agent/phone NOT_A_PHONE_NUMBER']],
  ['a relation nobody knows', { relation: 'DOG' }, ['REQUEST_INVALID /agent/relation UNKNOWN_VALUE']],
  [
    'everything at once',
    { patient: undefined, agent: undefined, phone: '', relation: '' },
    [
      `${unverified} /credential NOT_A_CREDENTIAL`,
      `${unverified} /agent/credential NOT_A_CREDENTIAL`,
      'AGENT_CONTACT_MISSING /agent/phone MISSING',
      'REQUEST_INVALID /agent/relation UNKNOWN_VALUE',
    ],
  ],
];
for (const [name, change, expected] of refusals) {
  test(`HB-24a HB-24c ${name} is refused`, () => assert.deepEqual(judge(change), expected));
}

test('HB-24a a card held out by somebody else needs that person’s own; a wrong face alone is a mismatch', () => {
  const alone = (credential: Credential | undefined) =>
    world.shown({ refused: judgeCredential(credential as Credential, authorityOf(credential as Credential), here) });
  assert.deepEqual(alone(held()), [`${unverified} /agent AGENT_MISSING`]);
  assert.deepEqual(alone(made({ faceMatch: false })), ['IDENTITY_MISMATCH /credential NOT_THE_PERSON_ON_THE_CARD']);
  assert.equal(made({ presenter: 'NEIGHBOUR' }), undefined);
});
