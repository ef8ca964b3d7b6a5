import assert from 'node:assert/strict';
import { type Attempt, attempt, chainOf, nothingOf, requestOf, type Strangers, type Who } from './attempt.ts';

/** Regulator and agency of another province, and of another county of the same one. */
export function asAuthorities(strangers: Strangers): Attempt[] {
  const who = (role: 'REGULATOR' | 'AGENCY', place: string): Who => ({
    role,
    client: `${role.toLowerCase()}-${place}`,
  });
  return [
    ...['220000', 'elsewhere'].flatMap((place) => [
      ...asRegulator(who('REGULATOR', place), strangers),
      ...asReader(who('REGULATOR', place), strangers),
      ...asReader(who('AGENCY', place), strangers),
    ]),
    // A client of the very division, and not the one that subscribed.
    ...subscriptionOf(who('REGULATOR', '420000'), strangers.theirs.subscriptions.AGENCY),
    ...subscriptionOf(who('AGENCY', '420000'), strangers.theirs.subscriptions.REGULATOR),
    requestOf({ role: 'AUTHORITY', client: 'authority' }, strangers),
  ];
}

function asRegulator(who: Who, { theirs }: Strangers): Attempt[] {
  return [
    attempt(
      who,
      'code.read',
      'a pack elsewhere',
      ['GET', `/v1/trace-codes/${theirs.pack}`],
      'TRACE_CODE_UNKNOWN',
      theirs.pack,
    ),
    attempt(
      who,
      'conflict.read',
      'conflicts elsewhere',
      ['GET', '/v1/trace-conflicts?limit=200'],
      ({ status, body }) => {
        assert.deepEqual([status, body['conflicts']], [200, []]);
      },
    ),
  ];
}

function asReader(who: Who, strangers: Strangers): Attempt[] {
  const { theirs, known } = strangers;
  const nothing = nothingOf(known.chain);
  return [
    attempt(who, 'audit.read', 'entries', ['GET', '/v1/audit/entries?limit=1000'], nothing),
    attempt(who, 'audit.read', 'entries of their place', ['GET', '/v1/audit/entries?limit=1000&place=420000'], nothing),
    attempt(
      who,
      'recall.read',
      'who holds the batch',
      ['GET', `/v1/recalls/${theirs.recallId}`],
      ({ status, body }) => {
        assert.deepEqual([status, body['holders']], [200, []]);
      },
    ),
    ...Object.values(theirs.subscriptions).flatMap((id) => subscriptionOf(who, id)),
    requestOf(who, strangers),
    ...chainOf(who, strangers),
  ];
}

function subscriptionOf(who: Who, id: string): Attempt[] {
  const at = (path: string) => `/v1/audit/subscriptions/${id}${path}`;
  return [
    attempt(who, 'subscription.read', 'keys', ['GET', at('/keys')], 'NOT_FOUND', id),
    attempt(who, 'subscription.read', 'undelivered', ['GET', at('/undelivered')], 'NOT_FOUND', id),
    attempt(who, 'subscription.read', 'all', ['GET', '/v1/audit/subscriptions'], ({ status, body }) => {
      const list = (body['subscriptions'] ?? []) as { subscriptionId: string }[];
      assert.ok(status === 200 && list.every(({ subscriptionId }) => subscriptionId !== id));
    }),
    attempt(who, 'subscription.write', 'pause', ['POST', at('/pause')], 'NOT_FOUND', id),
    attempt(who, 'subscription.write', 'resume', ['POST', at('/resume')], 'NOT_FOUND', id),
    attempt(who, 'subscription.write', 'resend', ['POST', at('/resend'), {}], 'NOT_FOUND', id),
    attempt(who, 'subscription.write', 'delete', ['DELETE', at('')], 'NOT_FOUND', id),
  ];
}
