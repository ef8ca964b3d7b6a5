import type { Sql } from '@erx/postgres';
import type { ReadFigures } from '@erx/rpc';
import { metrics } from '@erx/telemetry';
import { longestSilence } from '../store/cosignature-store.ts';

/** How long ago the log was last signed, by the machine's clock. */
export async function readCheckpointAge(sql: Sql): Promise<void> {
  const [row] = await sql<{ age: number | null }[]>`
    select extract(epoch from now() - signed_at)::float8 as age from log_checkpoint
    order by log_id desc, size desc limit 1`;
  if (typeof row?.age === 'number') metrics.checkpointAge.set({ service: 'audit' }, Math.max(0, row.age));
}

/** How long ago the witness (verifier keys) that has been silent for longest cosigned the log. */
export function readWitnessAge(witnesses: readonly string[]): ReadFigures {
  return async (sql) => {
    const age = await longestSilence(sql, witnesses);
    if (age !== undefined) metrics.witnessAge.set({ service: 'audit' }, Math.max(0, age));
  };
}
