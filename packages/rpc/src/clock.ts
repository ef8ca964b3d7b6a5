import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused } from '@erx/errors';
import { type CallContext, systemActor } from './call.ts';

/**
 * Two clocks: the machine's (tokens, time-outs) and the business clock (validity, grants, quotes, locks), which in
 * production is the machine's and in the sandbox runs at an offset kept by registry.
 */
export type BusinessClock = {
  now(): Date;
  machine(): Date;
  /** Puts the offset in force; an older version than the known one changes nothing. */
  apply(version: bigint, offsetMs: bigint): void;
};

export function createClock(machine: () => Date = () => new Date()): BusinessClock {
  let known = -1n;
  let offset = 0;
  return {
    machine,
    now: () => new Date(machine().getTime() + offset),
    apply(version, offsetMs) {
      if (version <= known) return;
      known = version;
      offset = Number(offsetMs);
    },
  };
}

type ClockSource = {
  getClock(
    request: Record<string, never>,
    context: CallContext,
  ): Promise<{ version: bigint; offsetMs: bigint } | object>;
};

/** Sandbox only: takes registry's offset before the service answers anybody. Waits for registry. */
export async function followRegistryClock(clock: BusinessClock, registry: ClockSource, service: string): Promise<void> {
  for (;;) {
    try {
      const answer = await registry.getClock({}, { actor: systemActor(service) });
      if (!isRefused(answer) && 'version' in answer) {
        clock.apply(answer.version, answer.offsetMs);
        return;
      }
    } catch {
      // not there yet
    }
    await sleep(200);
  }
}
