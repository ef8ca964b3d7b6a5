import { randomUUID } from 'node:crypto';
import { catalogue, isRefused, type Refused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { claimRequest, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { type CheckIdentityRequest, CheckIdentityResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { readCredential } from '../domain/credential.ts';
import { holderOf, judgePurpose } from '../domain/grant.ts';
import { maskedName } from '../domain/names.ts';
import { identityChecked, identityRefused } from '../outbound/events.ts';
import type { Parts } from '../parts.ts';
import { addCheck, type Grant } from '../store/identity-checks.ts';
import { earlierAnswer } from './earlier-answer.ts';
import { judgeIdentity, type PassedCheck, usedCredentials } from './judge-identity.ts';

/**
 * HB-23a, CX-28b: checks person, document and card, and gives a grant for 30 minutes of business time; HB-24a: with an agent,
 * both of them. A credential gives one grant: shown again it is refused, unless the same request is repeated. A refusal is an
 * event of its own.
 */
export async function checkIdentity(
  parts: Parts,
  request: CheckIdentityRequest,
  call: Call,
): Promise<CheckIdentityResponse | Refused> {
  const { database } = parts;
  const client = call.request;
  if (client === undefined) throw new Error('identity.check needs a client request');
  const known = earlierAnswer(await recall(database, client, CheckIdentityResponse));
  if (known !== undefined) return isRefused(known) ? known : withName(known, request);
  const denied = judgePurpose(call.actor, request.institutionId, request.purpose);
  if (denied !== undefined) return denied;
  const passed = await judgeIdentity(parts, request, call);
  const answer = isRefused(passed) ? passed : await store(parts, passed, call, client);
  if (!isRefused(answer)) return withName(answer, request);
  await recordRefusal(parts, request, answer, call);
  return answer;
}

/** One transaction: the check with its grant, the answer for repeats, the event. */
function store(
  { database, reference }: Parts,
  { grant, presented }: PassedCheck,
  call: Call,
  client: NonNullable<Call['request']>,
): Promise<CheckIdentityResponse | Refused> {
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'identity.check', CheckIdentityResponse));
    if (earlier !== undefined) return earlier;
    const used = await addCheck(tx, grant, presented);
    if (used.length > 0) return usedCredentials(used, grant.agent !== undefined);
    const answer = answerOf(grant);
    await rememberAnswer(tx, client, CheckIdentityResponse, answer);
    await appendToOutbox(tx, [identityChecked(grant, call, reference)]);
    return answer;
  });
}

/** As it is stored: without the name, which stands on the credential of whoever asks. */
function answerOf(grant: Grant): CheckIdentityResponse {
  const { checkId, grantId, expiresAt, personId, poolingRegion, insuranceType, remoteFilingRegions } = grant;
  const insurance = { personId, poolingRegion, insuranceType, active: grant.insuranceActive, remoteFilingRegions };
  return { checkId, grantId, expiresAt, maskedName: '', insurance };
}

/** A repeat shows the same credential, or it would not be one: nothing has to be opened. */
function withName(answer: CheckIdentityResponse, { credential }: CheckIdentityRequest): CheckIdentityResponse {
  return { ...answer, maskedName: maskedName(readCredential(credential)?.name ?? '') };
}

async function recordRefusal(
  { database, reference }: Parts,
  { institutionId, purpose }: CheckIdentityRequest,
  { refused }: Refused,
  call: Call,
): Promise<void> {
  const byRule = refused.filter(({ code }) => catalogue[code].effect !== 'T');
  if (byRule.length === 0) return;
  const check = { checkId: randomUUID(), holderId: holderOf(call.actor, institutionId), purpose, refused: byRule };
  await inTransaction(database, (tx) => appendToOutbox(tx, [identityRefused(check, call, reference)]));
}
