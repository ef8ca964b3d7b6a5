import { EventEmitter, once } from 'node:events';
import type { Database } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import type { ListedWitness } from '@erx/tlog';
import { keepCosignature } from '../store/cosignature-store.ts';
import type { Log } from '../store/log-store.ts';
import { type AskWitness, askWitness, type Offered, WitnessKnowsMoreError } from './ask-witness.ts';

type Options = {
  database: Database;
  witnesses: readonly ListedWitness[];
  machine(): Date;
  log: Logger;
};

/** Collects cosignatures beside the log, which never waits for them. */
export type Cosigner = AsyncDisposable & {
  /** The newest signed tree; those in between may be passed over. */
  offer(log: Log, tree: Offered): void;
};

/** A witness that failed is left in peace for so long. */
const REST_MS = 10_000;

type Offer = { log: Log; tree: Offered };
type Offers = { newest(): Offer | undefined; next(signal: AbortSignal): Promise<void> };

/** Has the newest tree cosigned by every witness, each at its own pace: a slow one holds up none of the others. */
export function startCosigning(options: Options): Cosigner {
  const stopping = new AbortController();
  const bell = new EventEmitter().setMaxListeners(0);
  let newest: Offer | undefined;
  const offers: Offers = {
    newest: () => newest,
    next: async (signal) => {
      await once(bell, 'offer', { signal }).catch(() => {});
    },
  };
  const running = options.witnesses.map((witness) => askOn(options, witness, offers, stopping.signal));
  return {
    offer(log, tree) {
      newest = { log, tree };
      bell.emit('offer');
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function askOn(options: Options, witness: ListedWitness, offers: Offers, stop: AbortSignal): Promise<void> {
  const { database, machine, log } = options;
  let asked: { logId: number; ask: AskWitness } | undefined;
  let done: Offer | undefined;
  let restsUntil = 0;
  while (!stop.aborted) {
    const offer = offers.newest();
    const rest = restsUntil - machine().getTime();
    if (offer === undefined || offer === done || rest > 0) {
      const signals = rest > 0 ? [stop, AbortSignal.timeout(Math.min(rest, REST_MS))] : [stop];
      await offers.next(AbortSignal.any(signals));
      continue;
    }
    const { logId } = offer.log;
    if (asked?.logId !== logId) asked = { logId, ask: askWitness(database.sql, offer.log, witness) };
    try {
      const cosignature = await asked.ask(offer.tree, stop);
      await keepCosignature(database.sql, { logId, size: offer.tree.size }, cosignature, machine());
      done = offer;
    } catch (error) {
      if (stop.aborted) return;
      restsUntil = machine().getTime() + REST_MS;
      const level = error instanceof WitnessKnowsMoreError ? 'error' : 'warn';
      log[level]({ err: error, witness: witness.key.name }, 'a witness did not cosign the log');
    }
  }
}
