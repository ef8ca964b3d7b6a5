import { type Database, openDatabase, type Sql } from '@erx/postgres';
import { beforeReading, type Logger, metrics } from '@erx/telemetry';
import { openInternalDoor } from './internal-door.ts';
import { readFigures } from './read-figures.ts';

/** Sets gauges of one service's own from its database. */
export type ReadFigures = (sql: Sql) => Promise<void>;

type Options = {
  /** host:port of the internal door; without one the figures go by OTLP only. */
  listen: string | undefined;
  database: Database;
  service: string;
  log: Logger;
  /** Beside those that every service has. */
  figures?: readonly ReadFigures[];
};

const PATIENCE_MS = 2_000;

/**
 * What a service shows to whoever watches over it: liveness, readiness and metrics on its internal door. Started last
 * and disposed first, so that a service that starts or drains is not ready. Looks by a connection of its own: a pool
 * that is used up is what one wants to see.
 */
export async function startVitals(options: Options): Promise<AsyncDisposable> {
  const { listen, database, service, log, figures = [] } = options;
  await using stack = new AsyncDisposableStack();
  const own = stack.adopt(openDatabase(database.url, 1, `${service}-vitals`), (it) => it.close());
  const answers = (look: (sql: Sql) => Promise<unknown>): Promise<boolean> =>
    within(PATIENCE_MS, look(own.sql)).then(
      () => true,
      (error: unknown) => {
        log.debug({ err: error }, 'the database does not answer the one who watches');
        return false;
      },
    );
  stack.use(
    beforeReading(async () => {
      const isUp = await answers((sql) =>
        Promise.all([readFigures(sql, database, service), ...figures.map((read) => read(sql))]),
      );
      metrics.databaseUp.set({ service }, isUp ? 1 : 0);
    }),
  );
  if (listen !== undefined) {
    stack.use(await openInternalDoor(listen, () => answers((sql) => sql`select 1`)));
  }
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
