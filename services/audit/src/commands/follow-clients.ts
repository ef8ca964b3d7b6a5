import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import { ClientSwitched } from '@erx/proto/access/v1/access_events';
import { haltSubscriptions, resumeHalted } from '../store/subscription-store.ts';

/** A client that was switched off (停用) is sent nothing; what came meanwhile it gets when it is switched on again. */
export async function followClients(tx: Tx, events: readonly ConsumedEvent[], at: Date): Promise<void> {
  for (const { type, value } of events) {
    if (type !== 'erx.access.v1.ClientSwitched') continue;
    const { clientId, suspended } = ClientSwitched.decode(value);
    await (suspended ? haltSubscriptions(tx, clientId) : resumeHalted(tx, clientId, at));
  }
}
