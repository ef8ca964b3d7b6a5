import { isRefused, type Refused } from '@erx/errors';
import { type BusinessClock, type CallContext, systemActor } from '@erx/rpc';
import type { Peers } from '../outbound/peers.ts';

export type SetClock = (now: Date, context: CallContext) => Promise<Refused | undefined>;

/**
 * Sandbox only: registry keeps the offset, then every process puts it in force. A process that does not confirm makes
 * the whole call unavailable; setting the time again is harmless.
 */
export function setClock({ registry, systems }: Peers, clock: BusinessClock): SetClock {
  return async (now, context) => {
    const set = await registry.setClock({ now }, context);
    if (isRefused(set)) return set;
    const { version, offsetMs } = set;
    clock.apply(version, offsetMs);
    const told = await Promise.all(
      Object.values(systems).map((system) =>
        system.applyClock({ version, offsetMs }, { actor: systemActor('gateway') }),
      ),
    );
    return told.find(isRefused);
  };
}
