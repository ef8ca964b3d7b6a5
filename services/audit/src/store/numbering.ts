import type { Sql, Tx } from '@erx/postgres';

/** An event and a division that it gets a number in. */
export type Placing = { eventId: string; division: string };

/** Channel on which the divisions with new numbers are named when their transaction has committed. */
export const NEWS = 'audit_entry';

/**
 * Gives each placing the next number of its division, in the order of the list. The ends of the divisions stay locked, in
 * ascending order, until the transaction is over: two at once never wait for each other in a circle, and no reader sees a
 * number before the smaller ones.
 */
export async function giveNumbers(tx: Tx, placings: readonly Placing[]): Promise<void> {
  const divisions = [...new Set(placings.map(({ division }) => division))].sort();
  await tx.sql`
    insert into division_end (division, number)
    select division, 0 from unnest(${divisions}::text[]) as division order by division on conflict do nothing`;
  await tx.sql`
    select from division_end where division = any(${divisions}::text[]) order by division for update`;
  await tx.sql`
    with placed as (
      select division, event_id, row_number() over (partition by division order by position) as nth
      from unnest(${placings.map(({ division }) => division)}::text[],
                  ${placings.map(({ eventId }) => eventId)}::uuid[]) with ordinality as p (division, event_id, position)
    ), moved as (
      update division_end as last set number = last.number + more.count
      from (select division, count(*) from placed group by division) as more
      where last.division = more.division
      returning last.division, last.number - more.count as before
    )
    insert into entry_number (division, number, event_id)
    select division, before + nth, event_id from placed join moved using (division)`;
  await tx.sql`select pg_notify(${NEWS}, division) from unnest(${divisions}::text[]) as division`;
}

/** The last number given out in a division; 0 before the first. */
export async function lastNumber(sql: Sql, division: string): Promise<bigint> {
  const [row] = await sql<{ number: bigint }[]>`select number from division_end where division = ${division}`;
  return row?.number ?? 0n;
}
