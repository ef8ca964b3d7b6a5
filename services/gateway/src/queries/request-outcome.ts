import { isRefused } from '@erx/errors';
import { type Database, findRequest } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { GetRequestResponse } from '@erx/proto/common/v1/system_service';
import type { Peers } from '../outbound/peers.ts';

export type FindOutcome = (actor: Actor, key: string) => Promise<GetRequestResponse>;

const NOTHING: GetRequestResponse = { state: 'NONE', operation: '', answer: new Uint8Array() };

/** Asks every owner of writes: done, running, or nothing took effect. Throws UnavailableError when nobody can say. */
export function requestOutcome(database: Database, { systems }: Peers): FindOutcome {
  const { issuing, dispensing, verification, registry, traceability, audit } = systems;
  const owners = [dispensing, issuing, verification, registry, traceability, audit];
  return async (actor, key) => {
    const own = await findRequest(database, actor.clientId, key);
    if (own?.answer) return { state: 'DONE', operation: own.operation, answer: own.answer };
    const answers = await Promise.allSettled(owners.map((owner) => owner.getRequest({ key }, { actor })));
    const known = answers.flatMap((each) =>
      each.status === 'fulfilled' && !isRefused(each.value) ? [each.value] : [],
    );
    const found = known.find(({ state }) => state === 'DONE') ?? known.find(({ state }) => state === 'RUNNING');
    if (found !== undefined) return found;
    // An owner that is away may know what the others do not.
    const away = answers.find((each) => each.status === 'rejected');
    if (away !== undefined) throw away.reason;
    return NOTHING;
  };
}
