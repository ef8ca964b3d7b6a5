import type { Operation } from '@erx/auth';
import { catalogue, type Refused } from '@erx/errors';
import { appendToOutbox, outgoing } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import type { Call } from './call.ts';
import { toMessage } from './refusals.ts';

export type RefusalRecorder = (operation: Operation, request: unknown, call: Call, refused: Refused) => Promise<void>;

/** Whoever tries out numbers and grants is on record, although no policy document names it. */
const GUESSING = 'TOO_MANY_REQUESTS';

/**
 * Records that a rule refused an authenticated client, as an event in a transaction of its own. Only the service that
 * the gateway asked records; answers to another service are part of that service's own refusal.
 */
export function recordRefusals(
  database: Database,
  service: string,
  territory: (institutionId: string) => readonly string[],
): RefusalRecorder {
  return async (operation, request, call, refused) => {
    const byRule = refused.refused.filter(({ code }) => catalogue[code].effect !== 'T' || code === GUESSING);
    if (byRule.length === 0 || call.caller !== 'gateway') return;
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
      },
      {
        source: service,
        key: call.actor.clientId,
        at: call.machineAt,
        territory: territory(call.actor.institutionId),
      },
    );
    await inTransaction(database, (tx) => appendToOutbox(tx, [event]));
  };
}

function subjectOf(request: unknown): string {
  const { prescriptionId, saleId } = request as { prescriptionId?: string; saleId?: string };
  return saleId ?? prescriptionId ?? '';
}
