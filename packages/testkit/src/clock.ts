import { type BusinessClock, createClock } from '@erx/rpc';

/** A business clock that stands at one instant until it is moved; the machine's clock stays real. */
export function fixedClock(start: string): BusinessClock & { set(instant: string): void } {
  let now = new Date(start);
  const clock = createClock();
  return {
    ...clock,
    now: () => now,
    set: (instant) => {
      now = new Date(instant);
    },
  };
}
