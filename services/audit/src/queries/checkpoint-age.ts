import type { Sql } from '@erx/postgres';
import { metrics } from '@erx/telemetry';

/** How long ago the log was last signed, by the machine's clock. */
export async function readCheckpointAge(sql: Sql): Promise<void> {
  const [row] = await sql<{ age: number | null }[]>`
    select extract(epoch from now() - max(signed_at))::float8 as age from log_checkpoint`;
  if (typeof row?.age === 'number') metrics.checkpointAge.set({ service: 'audit' }, Math.max(0, row.age));
}
