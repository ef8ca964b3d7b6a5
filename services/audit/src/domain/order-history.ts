/** An event in time; `causationId` may name one that is not among the others. */
export type Happened = { eventId: string; causationId: string; at: number };

/**
 * Orders events: each after its cause, otherwise by time, then by id. Clocks of several machines may differ by more than
 * what lies between cause and effect; a cause whose clock is ahead comes directly before its first effect.
 */
export function orderHistory<E extends Happened>(events: readonly E[]): E[] {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const ordered = new Set<E>();
  const begun = new Set<E>();
  const place = (event: E): void => {
    // Begun before its cause is looked at: events that claim to cause each other end here.
    if (begun.has(event)) return;
    begun.add(event);
    const cause = byId.get(event.causationId);
    if (cause !== undefined) place(cause);
    ordered.add(event);
  };
  for (const event of events.toSorted((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))) place(event);
  return [...ordered];
}
