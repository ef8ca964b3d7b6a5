import { type Refused, refuse } from '@erx/errors';
import { appendToOutbox, outgoing } from '@erx/messaging';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import { ClientSwitched } from '@erx/proto/access/v1/access_events';
import type { BusinessClock, CallContext } from '@erx/rpc';
import { suspendClient } from '../store/clients.ts';
import type { Suspended } from '../store/suspended.ts';
import { earlierAnswer } from './earlier-answer.ts';
import { AUTHORITY } from './ensure-authority.ts';

type Parts = {
  database: Database;
  suspended: Pick<Suspended, 'refresh'>;
  clock: BusinessClock;
  territory(institutionId: string): readonly string[];
};

type Wanted = { clientId: string; suspended: boolean };
export type SwitchClient = (wanted: Wanted, context: CallContext) => Promise<Wanted | Refused>;

/**
 * The authority switches a client off (停用) or on again: it gets no token, those that it has are refused, its streams are
 * cut. This process goes by it when this answers, others within a moment. Nobody switches off the root authority.
 */
export function switchClient(parts: Parts): SwitchClient {
  const { database, suspended } = parts;
  return async (wanted, context) => {
    const { request } = context;
    if (request === undefined) throw new Error('client.switch needs a client request');
    const known = earlierAnswer(await recall(database, request, ClientSwitched));
    if (known !== undefined) return known;
    if (wanted.clientId === AUTHORITY) return refuse('REQUEST_INVALID', { problem: 'RESERVED' }, '/clientId');
    const outcome = await inTransaction(database, async (tx) => {
      const earlier = earlierAnswer(await claimRequest(tx, request, 'client.switch', ClientSwitched));
      if (earlier !== undefined) return earlier;
      if (!(await changeIn(tx, parts, wanted, context))) return refuse('NOT_FOUND', undefined, '/clientId');
      const answer: ClientSwitched = { context: undefined, ...wanted };
      await rememberAnswer(tx, request, ClientSwitched, answer);
      return answer;
    });
    await suspended.refresh();
    return outcome;
  };
}

/** With its event, if the client was not so before; false: there is no such client. */
async function changeIn(tx: Tx, { clock, territory }: Parts, wanted: Wanted, { actor }: CallContext): Promise<boolean> {
  const at = clock.machine();
  const client = await suspendClient(tx, wanted.clientId, wanted.suspended ? at : undefined);
  if (client === undefined) return false;
  if (!client.changed) return true;
  const judgement = { businessTime: clock.now(), machineTime: at, profileVersion: '', listVersions: [] };
  const event = outgoing(
    'erx.access.v1.ClientSwitched',
    { context: { actor, judgement }, ...wanted },
    {
      source: 'gateway',
      key: wanted.clientId,
      at,
      territory: client.division === '' ? territory(client.institutionId) : [client.division],
    },
  );
  await appendToOutbox(tx, [event]);
  return true;
}
