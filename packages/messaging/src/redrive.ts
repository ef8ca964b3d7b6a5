import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, inTransaction, isTransient, type Tx } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import { type ConsumedEvent, decodeEvent } from './decode-event.ts';
import { enterInbox } from './inbox.ts';
import { reasonOf } from './parked.ts';

const LOOK_MS = 1_000;

type Options = {
  name: string;
  database: Database;
  apply: (tx: Tx, events: readonly ConsumedEvent[]) => Promise<void>;
  log: Logger;
};

type Row = {
  topic: string;
  partition: number;
  offset: bigint;
  key: Buffer | null;
  headers: string;
  payload: Buffer | null;
};

/**
 * Takes up parked messages for which somebody asked: effect, inbox row and the end of being parked in one transaction.
 * One that fails again stays parked, with the new reason.
 */
export function startRedrive(options: Options): AsyncDisposable {
  const stop = new AbortController();
  const redrive = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        while (!stop.signal.aborted && (await takeUpOne(options))) {
          // until nothing is asked for
        }
      } catch (error) {
        options.log.warn({ err: error }, 'parked messages could not be looked for');
      }
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = redrive();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** False: there was none. */
async function takeUpOne({ name, database, apply, log }: Options): Promise<boolean> {
  let row: Row | undefined;
  try {
    await inTransaction(database, async (tx) => {
      [row] = await tx.sql<Row[]>`
        delete from parked where (consumer, topic, partition, "offset") in (
          select consumer, topic, partition, "offset" from parked
          where consumer = ${name} and retry_requested_at is not null
          order by topic, partition, "offset" limit 1 for update skip locked)
        returning topic, partition, "offset", key, headers, payload`;
      if (row === undefined) return;
      const { topic, partition, offset, key, headers, payload } = row;
      const message = { offset: offset.toString(), key, value: payload, headers: JSON.parse(headers) };
      const fresh = await enterInbox(tx, name, [decodeEvent(topic, partition, message)]);
      if (fresh.length > 0) await apply(tx, fresh);
    });
  } catch (error) {
    if (row === undefined || isTransient(error)) throw error;
    const { topic, partition, offset } = row;
    log.error({ err: error, topic, partition, offset: offset.toString() }, 'event stays parked');
    await database.sql`
      update parked set reason = ${reasonOf(error)}, attempts = attempts + 1, retry_requested_at = null
      where consumer = ${name} and topic = ${topic} and partition = ${partition} and "offset" = ${offset.toString()}`;
  }
  return row !== undefined;
}
