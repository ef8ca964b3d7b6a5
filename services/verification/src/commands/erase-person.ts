import { type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { claimRequest, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { type ErasePersonRequest, ErasePersonResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { addYears, formatInstant } from '@erx/values';
import { personErased } from '../outbound/events.ts';
import { answered, questionOf } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import { destroyKeys, keyState, lastChecks } from '../store/erasures.ts';
import { earlierAnswer } from './earlier-answer.ts';

const BASES = ['PERSON_ASKED', 'RETENTION_OVER', 'ORDERED'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** GX-3k, where no profile says more. */
const LEAST_YEARS = 2;

/**
 * Lawful deletion: destroys what opens a person's sealed fields, wherever they are, once nothing of the person is retained
 * any more (GX-3k). Events, log and medical records stay as they are. What is decided stands on the list before it is done.
 */
export async function erasePerson(
  parts: Parts,
  { personId, basis }: ErasePersonRequest,
  call: Call,
): Promise<ErasePersonResponse | Refused> {
  const { database, erasures } = parts;
  const client = call.request;
  if (client === undefined) throw new Error('person.erase needs a client request');
  const known = earlierAnswer(await recall(database, client, ErasePersonResponse));
  if (known !== undefined) return known;
  if (!BASES.includes(basis)) return refuse('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, '/basis');
  const state = UUID.test(personId) ? await keyState(database.sql, personId) : undefined;
  if (state === undefined) return refuse('NOT_FOUND', undefined, '/personId');
  if (state.living) {
    const until = await retainedUntil(parts, personId, call);
    if (until !== undefined && call.at < until) {
      return refuse('RETENTION_NOT_ELAPSED', { retainedUntil: formatInstant(until) }, '/personId');
    }
    erasures.add({ personId, at: call.machineAt, basis });
  }
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'person.erase', ErasePersonResponse));
    if (earlier !== undefined) return earlier;
    const destroyed = await destroyKeys(tx, personId, call.machineAt);
    if (destroyed > 0) await appendToOutbox(tx, [personErased({ personId, basis, at: call.machineAt }, call)]);
    const answer = { personId, erasedAt: (await keyState(tx.sql, personId))?.destroyedAt };
    await rememberAnswer(tx, client, ErasePersonResponse, answer);
    return answer;
  });
}

/** The last instant at which a rule keeps anything of the person: prescriptions at issuing, identity checks here. */
async function retainedUntil(
  { database, issuing, reference }: Parts,
  personId: string,
  call: Call,
): Promise<Date | undefined> {
  const { retainUntil } = answered(await issuing.getRetention({ personId }, questionOf(call)));
  const checks = (await lastChecks(database.sql, personId)).map(({ institutionId, at }) => {
    const division = reference.institution(institutionId)?.division;
    const profile = division === undefined ? undefined : reference.profile(division, at);
    return addYears(at, Math.max(LEAST_YEARS, profile?.values.rxRetentionYears ?? LEAST_YEARS));
  });
  return [...checks, ...(retainUntil === undefined ? [] : [retainUntil])]
    .sort((a, b) => a.getTime() - b.getTime())
    .at(-1);
}
