import { isRefused } from '@erx/errors';
import { CheckIdentityResponse } from '@erx/proto/verification/v1/verification_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Instant, oneOf, strict, text } from '../schemas/values.ts';

const Grant = Type.Object({
  checkId: Type.String(),
  grantId: Type.String(),
  expiresAt: Instant,
  maskedName: Type.String({ description: '姓名, all but the first character masked' }),
});

/** 代办人. What is missing is told by its own code, not as a mistake of form. */
const Agent = strict({
  credential: Type.Optional(text(8_000, 'the agent’s own, for this institution')),
  phone: Type.Optional(text(32, '联系电话')),
  relation: oneOf('SPOUSE', 'PARENT', 'CHILD', 'OTHER'),
});

/** The patient shows a credential (人证核验); presenting it at a counter is the choice of that pharmacy. */
export function identityRoutes(door: Door, { verification }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/identity-checks',
    operation: 'identity.check',
    id: 'checkIdentity',
    title: { zh: '人证核验', en: 'Check a credential; gives a grant of thirty minutes' },
    tag: '人证核验 Identity',
    body: strict({
      credential: text(8_000, 'erx.credential.v1: payload and signature in base64url, joined by a dot'),
      purpose: oneOf('DISPENSE', 'PATIENT_ACCESS'),
      agent: Type.Optional(Agent),
    }),
    answer: Grant,
    status: 201,
    write: (stored) => toGrant(CheckIdentityResponse.decode(stored)),
    async handle({ body }, context) {
      // An app for patients acts for no institution: credentials name the app itself.
      const institutionId = context.actor.institutionId || context.actor.clientId;
      const { agent, ...shown } = body;
      const answer = await verification.checkIdentity(
        { ...shown, institutionId, agent: agent && toAgent(agent) },
        context,
      );
      return isRefused(answer) ? answer : toGrant(answer);
    },
  });
}

function toAgent({ credential = '', phone = '', relation }: Type.Static<typeof Agent>) {
  return { credential, phone, relation };
}

function toGrant({ checkId, grantId, expiresAt, maskedName }: CheckIdentityResponse): Type.Static<typeof Grant> {
  return { checkId, grantId, expiresAt: fromInstant(expiresAt), maskedName };
}
