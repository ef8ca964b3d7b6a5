import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, inTransaction, type Tx } from '@erx/postgres';

const ENTRIES = 10_000;
const PAUSE_MS = 2_000;

/**
 * Folds stock differences into the table `stock`, oldest first, and says how many. One process at a time; the sum of
 * both is always the stock, so nobody else waits for it.
 */
async function foldStock(tx: Tx): Promise<number> {
  const [lock] = await tx.sql<
    { mine: boolean }[]
  >`select pg_try_advisory_xact_lock(hashtextextended('stock', 12)) as mine`;
  if (lock?.mine !== true) return 0;
  const folded = await tx.sql<{ count: number }[]>`
    with gone as (
      delete from stock_change where change_id in (select change_id from stock_change order by change_id limit ${ENTRIES})
      returning holder_id, drug_code, batch_no, state, delta),
    total as (
      select holder_id, drug_code, batch_no, state, sum(delta)::bigint as delta, count(*) as entries
      from gone group by holder_id, drug_code, batch_no, state),
    known as (
      update stock set codes = stock.codes + total.delta from total
      where (stock.holder_id, stock.drug_code, stock.batch_no, stock.state)
          = (total.holder_id, total.drug_code, total.batch_no, total.state)
      returning stock.holder_id, stock.drug_code, stock.batch_no, stock.state),
    new as (
      insert into stock (holder_id, drug_code, batch_no, state, codes)
      select holder_id, drug_code, batch_no, state, delta from total
      where (holder_id, drug_code, batch_no, state) not in (select holder_id, drug_code, batch_no, state from known))
    select coalesce(sum(entries), 0)::integer as count from total`;
  return folded[0]?.count ?? 0;
}

/** Folds now and then until disposed; trouble of the database passes by itself. */
export function startFolding(database: Database, onTrouble: (error: unknown) => void): AsyncDisposable {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const folded = await inTransaction(database, foldStock).catch((error) => {
        onTrouble(error);
        return 0;
      });
      if (folded < ENTRIES) await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
