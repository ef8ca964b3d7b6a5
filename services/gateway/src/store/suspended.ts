import { EventEmitter } from 'node:events';
import type { Database } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import { CLIENTS_SWITCHED, suspendedClients } from './clients.ts';

/** Which clients are switched off (停用), known in memory: no request costs a query for it. */
export type Suspended = {
  has(clientId: string): boolean;
  /** Reads again; resolves when what was committed before is known here. */
  refresh(): Promise<void>;
  /** Tells when the client is switched off, at once if it is. */
  watch(clientId: string, tell: () => void): Disposable;
};

/** News may be lost with its connection; then this is how long a token outlives its client. */
const LOOK_AGAIN_MS = 5_000;

export async function watchSuspended({ sql }: Database, log: Logger): Promise<Suspended & AsyncDisposable> {
  let suspended: ReadonlySet<string> = new Set();
  const bell = new EventEmitter().setMaxListeners(0);
  const read = async (): Promise<void> => {
    const before = suspended;
    suspended = new Set(await suspendedClients(sql));
    for (const clientId of suspended) if (!before.has(clientId)) bell.emit(nameOf(clientId));
  };
  // One after the other: an older answer never comes after a newer one.
  let last = Promise.resolve();
  const refresh = (): Promise<void> => {
    last = last.catch(() => {}).then(read);
    return last;
  };
  const look = (): void => {
    refresh().catch((error: unknown) => log.warn({ err: error }, 'whether clients are switched off was not read'));
  };
  const { unlisten } = await sql.listen(CLIENTS_SWITCHED, look);
  await refresh();
  const clock = setInterval(look, LOOK_AGAIN_MS);
  return {
    has: (clientId) => suspended.has(clientId),
    refresh,
    watch(clientId, tell) {
      bell.on(nameOf(clientId), tell);
      if (suspended.has(clientId)) tell();
      return { [Symbol.dispose]: () => void bell.off(nameOf(clientId), tell) };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(clock);
      await unlisten();
      await last.catch(() => {});
    },
  };
}

/** An emitter has names of its own. */
const nameOf = (clientId: string): string => `client ${clientId}`;
