import type { Database, Tx } from '@erx/postgres';
import type { Used } from '../domain/accumulator.ts';

/** Whose account, in which year, of which plan. */
export type AccountKey = { personId: string; year: number; planId: string };

type Row = { deductible_used: bigint; basic_used: bigint };

const NOTHING: Used = { deductible: 0n, basic: 0n };

export async function readUsed({ sql }: Database, { personId, year, planId }: AccountKey): Promise<Used> {
  const [row] = await sql<Row[]>`
    select deductible_used, basic_used from accumulator
    where person_id = ${personId} and year = ${year} and plan_id = ${planId}`;
  return row === undefined ? NOTHING : fromRow(row);
}

/** Locks the account, which is opened when it is the first sale of the year: settlements of one person wait for it. */
export async function lockUsed({ sql }: Tx, { personId, year, planId }: AccountKey): Promise<Used> {
  const [row] = await sql<Row[]>`
    insert into accumulator (person_id, year, plan_id, deductible_used, basic_used)
    values (${personId}, ${year}, ${planId}, 0, 0)
    on conflict (person_id, year, plan_id) do update set person_id = excluded.person_id
    returning deductible_used, basic_used`;
  if (row === undefined) throw new Error('an account was neither opened nor found');
  return fromRow(row);
}

/** Writes a locked account. */
export async function saveUsed({ sql }: Tx, { personId, year, planId }: AccountKey, used: Used): Promise<void> {
  await sql`
    update accumulator set deductible_used = ${used.deductible.toString()}, basic_used = ${used.basic.toString()}
    where person_id = ${personId} and year = ${year} and plan_id = ${planId}`;
}

function fromRow(row: Row): Used {
  return { deductible: row.deductible_used, basic: row.basic_used };
}
