import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import type { ListedWitness } from '@erx/tlog';
import { type Cosignature, keepCosignatures } from '../store/cosignature-store.ts';
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

type Asked = { name: string; ask: AskWitness; restsUntil: number };
type Offer = { log: Log; tree: Offered };

/** Has each offered tree cosigned by every witness that answers; what was missed is asked for again. */
export function startCosigning(options: Options): Cosigner {
  const stopping = new AbortController();
  let offered: Offer | undefined;
  let wake = Promise.withResolvers<void>();
  const again = (): void => {
    const { resolve } = wake;
    sleep(REST_MS, undefined, { signal: stopping.signal, ref: false }).then(resolve, resolve);
  };
  const running = (async () => {
    let asked: { log: Log; witnesses: Asked[] } | undefined;
    while (!stopping.signal.aborted) {
      await wake.promise;
      wake = Promise.withResolvers();
      const offer = offered;
      if (offer === undefined || stopping.signal.aborted) continue;
      if (asked?.log.logId !== offer.log.logId) asked = { log: offer.log, witnesses: witnessesOf(options, offer.log) };
      const isWhole = await round(options, asked.witnesses, offer, stopping.signal).catch((error: unknown) => {
        options.log.warn({ err: error }, 'cosignatures could not be kept');
        return false;
      });
      if (!isWhole) again();
    }
  })();
  return {
    offer(log, tree) {
      if (options.witnesses.length === 0) return;
      offered = { log, tree };
      wake.resolve();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      wake.resolve();
      await running;
    },
  };
}

function witnessesOf({ database, witnesses }: Options, log: Log): Asked[] {
  return witnesses.map((each) => ({ name: each.key.name, ask: askWitness(database.sql, log, each), restsUntil: 0 }));
}

/** Asks all at once and keeps what they gave in one piece; false: somebody is missing. */
async function round(options: Options, witnesses: Asked[], { log, tree }: Offer, stop: AbortSignal): Promise<boolean> {
  const { database, machine } = options;
  const now = machine().getTime();
  const asked = witnesses.filter(({ restsUntil }) => restsUntil <= now);
  const answers = await Promise.all(asked.map((witness) => askOne(options, witness, tree, stop)));
  const cosignatures = answers.filter((answer) => answer !== undefined);
  if (cosignatures.length > 0) {
    await keepCosignatures(database.sql, { logId: log.logId, size: tree.size }, cosignatures, machine());
  }
  return cosignatures.length === witnesses.length;
}

async function askOne(
  { machine, log }: Options,
  witness: Asked,
  tree: Offered,
  stop: AbortSignal,
): Promise<Cosignature | undefined> {
  try {
    return await witness.ask(tree, stop);
  } catch (error) {
    if (stop.aborted) return undefined;
    witness.restsUntil = machine().getTime() + REST_MS;
    const level = error instanceof WitnessKnowsMoreError ? 'error' : 'warn';
    log[level]({ err: error, witness: witness.name }, 'a witness did not cosign the log');
    return undefined;
  }
}
