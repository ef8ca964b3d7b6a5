import type { Operation } from '@erx/auth';
import { catalogue, type Refused } from '@erx/errors';
import { appendToOutbox, outgoing } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import { metrics } from '@erx/telemetry';
import type { Call } from './call.ts';
import { toMessage } from './refusals.ts';
import { type Allowance, tokenBuckets } from './token-buckets.ts';

export type RefusalRecorder = (operation: Operation, request: unknown, call: Call, refused: Refused) => Promise<void>;

/** Whoever tries out numbers and grants is on record, although no policy document names it. */
const GUESSING = 'TOO_MANY_REQUESTS';

/** Far more than work makes, and far less than would fill the log: at most 430,000 a day by one client and service. */
const BOUND: Allowance = { perSecond: 5, burst: 300 };

/**
 * Records that a rule refused an authenticated client, as an event in a transaction of its own. Only the service that
 * the gateway asked records; answers to another service are part of that service's own refusal. Beyond the bound of a
 * client a refusal is only counted, and the next recorded one says how many these were: nobody can fill the log.
 */
export function recordRefusals(
  database: Database,
  service: string,
  territory: (institutionId: string) => readonly string[],
  bound = BOUND,
): RefusalRecorder {
  const buckets = tokenBuckets(bound);
  const unrecorded = new Map<string, bigint>();
  const leaveOut = (clientId: string, more: bigint): void => {
    if (more > 0n) unrecorded.set(clientId, (unrecorded.get(clientId) ?? 0n) + more);
  };
  return async (operation, request, call, refused) => {
    const byRule = refused.refused.filter(({ code }) => catalogue[code].effect !== 'T' || code === GUESSING);
    if (byRule.length === 0 || call.caller !== 'gateway') return;
    const { clientId } = call.actor;
    if (!buckets.take(clientId, call.machineAt.getTime())) {
      leaveOut(clientId, 1n);
      metrics.refusalsUnrecorded.inc({ service });
      return;
    }
    const unrecordedBefore = unrecorded.get(clientId) ?? 0n;
    unrecorded.delete(clientId);
    const event = outgoing(
      'erx.access.v1.RequestRefused',
      {
        context: {
          actor: call.actor,
          judgement: { businessTime: call.at, machineTime: call.machineAt, profileVersion: '', listVersions: [] },
        },
        operation,
        subject: subjectOf(request),
        refusals: byRule.map(toMessage),
        unrecordedBefore,
      },
      {
        source: service,
        key: clientId,
        at: call.machineAt,
        territory: territory(call.actor.institutionId),
      },
    );
    try {
      await inTransaction(database, (tx) => appendToOutbox(tx, [event]));
    } catch (error) {
      leaveOut(clientId, unrecordedBefore);
      throw error;
    }
  };
}

function subjectOf(request: unknown): string {
  const { prescriptionId, saleId } = request as { prescriptionId?: string; saleId?: string };
  const subject = saleId ?? prescriptionId ?? '';
  // The refused request may name anything; what cannot be kept would keep the whole record out of the log.
  return subject.includes('\0') ? '' : subject;
}
