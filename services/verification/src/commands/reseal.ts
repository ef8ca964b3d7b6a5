import { type Database, inTransaction } from '@erx/postgres';
import { formerKeyFile, type HubKeys, openHubKeys } from '../sealing/hub-keys.ts';
import type { WrappedKey } from '../sealing/wrap-key.ts';
import { countByHubKey, holdHubKey, nextUnderOthers, replaceWrapping } from '../store/person-keys.ts';

type Options = {
  database: Database;
  /** `ERX_PERSON_WRAP_KEY_FILE` of the service. */
  keyFile: string;
  /** Keeps the present content of the key file in `former`, then puts 32 new random bytes in its place. */
  replaceKey(former: string): void;
  /** Rows of one transaction. */
  batch?: number;
  signal: AbortSignal;
  report(done: number, all: number): void;
};

type Place = Pick<WrappedKey, 'personId' | 'version'>;
const FIRST: Place = { personId: '00000000-0000-0000-0000-000000000000', version: 0 };

/**
 * Wraps all data keys anew under a new hub key while the service runs; nothing that was sealed changes. While rows use an
 * earlier hub key it goes on with the present one: a run that was killed is continued, not repeated. Gives the id of the
 * hub key that all rows use now.
 */
export async function reseal({ database, keyFile, replaceKey, batch = 500, signal, report }: Options): Promise<string> {
  const keys = openHubKeys(keyFile);
  const hubKeyId = await inTransaction(database, async (tx) => {
    await holdHubKey(tx);
    const { id } = keys.current();
    if ((await waiting(database, id)) === 0) replaceKey(formerKeyFile(keyFile, id));
    return keys.current().id;
  });
  const all = await waiting(database, hubKeyId);
  let done = 0;
  // A row that waits behind the place of a pass is one of the next pass.
  while ((await waiting(database, hubKeyId)) > 0) {
    for (let place: Place | undefined = FIRST; place !== undefined; ) {
      signal.throwIfAborted();
      const rewrapped = await rewrapBatch(database, keys, place, batch);
      done += rewrapped.length;
      if (rewrapped.length > 0) report(done, Math.max(done, all));
      place = rewrapped.at(-1);
    }
  }
  return hubKeyId;
}

function rewrapBatch(database: Database, keys: HubKeys, after: Place, limit: number): Promise<WrappedKey[]> {
  return inTransaction(database, async (tx) => {
    const hubKey = keys.current();
    const rewrapped = (await nextUnderOthers(tx, hubKey.id, after, limit)).map((row) => hubKey.wrap(keys.unwrap(row)));
    if (rewrapped.length > 0) await replaceWrapping(tx, rewrapped);
    return rewrapped;
  });
}

async function waiting({ sql }: Database, hubKeyId: string): Promise<number> {
  const counts = [...(await countByHubKey(sql))];
  return counts.filter(([id]) => id !== hubKeyId).reduce((sum, [, n]) => sum + n, 0);
}
