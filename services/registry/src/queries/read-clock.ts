import type { Database } from '@erx/postgres';
import type { GetClockResponse } from '@erx/proto/registry/v1/registry_service';
import { businessClock } from '../store/tables.ts';

/** The stored offset of the business clock, in milliseconds from the machine's. */
export async function readClock(database: Database): Promise<GetClockResponse> {
  const [row] = await database.db.select().from(businessClock);
  if (row === undefined) throw new Error('the clock has no row');
  return row;
}
