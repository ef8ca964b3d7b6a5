import type { ServiceConfig } from '@erx/config';
import { messagingMigrations, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { openReference } from '@erx/reference';
import { type BusinessClock, createClock, recordRefusals, startServer, startVitals, systemContract } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { publishProfiles } from './commands/publish-profiles.ts';
import { registryContract } from './inbound/grpc.ts';
import { readClock } from './queries/read-clock.ts';

/** Starts the registry. Disposing it drains: server first, then relay, read copy and database. */
export async function startRegistry(
  config: ServiceConfig,
  overrides: { clock?: BusinessClock } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('registry', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'registry'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'registry', folder: new URL('../migrations/', import.meta.url) },
  ]);
  await publishProfiles(database, clock);
  const offset = await readClock(database);
  if (config.ERX_SANDBOX) clock.apply(offset.version, offset.offsetMs);
  stack.use(startRelay({ database, brokers, service: 'registry', log }));
  const reference = stack.use(await openReference({ database, brokers, service: 'registry', log }));
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'registry',
      clock,
      contracts: [registryContract({ database, clock, sandbox: config.ERX_SANDBOX }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'registry', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'registry', log }));
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
