import { divisionsOf } from './divisions.ts';

/** A division, and the events that get its next numbers, in order. */
export type Run = { division: string; eventIds: readonly string[] };

type Placed = { id: string; headers: Readonly<Record<string, string>> };

/** The events of each division in their order. Divisions are in ascending order, which is the order of locking. */
export function runsOf(events: readonly Placed[]): Run[] {
  const placings = events.flatMap(({ id, headers }) =>
    divisionsOf(headers['ce_territory']).map((division) => ({ division, id })),
  );
  return Object.entries(Object.groupBy(placings, ({ division }) => division))
    .map(([division, placed = []]) => ({ division, eventIds: placed.map(({ id }) => id) }))
    .sort((a, b) => (a.division < b.division ? -1 : 1));
}
