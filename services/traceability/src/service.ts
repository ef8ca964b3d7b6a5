import { dispatch, messagingMigrations, startConsumer, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { consumers } from '@erx/proto/topics';
import { type Lookups, openReference } from '@erx/reference';
import {
  type BusinessClock,
  connect,
  createClock,
  followRegistryClock,
  recordRefusals,
  startServer,
  startVitals,
  systemContract,
} from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import type { TraceabilityConfig } from './config.ts';
import { traceabilityContract } from './inbound/grpc.ts';
import { onHandedOver } from './inbound/on-handed-over.ts';
import { onSaleAbandoned } from './inbound/on-sale-abandoned.ts';
import { onSaleCompleted } from './inbound/on-sale-completed.ts';
import { startFolding } from './store/fold-stock.ts';

/** Starts the service. Disposing it drains: server first, then consumer, read copy, relay and database. */
export async function startTraceability(
  config: TraceabilityConfig,
  overrides: { clock?: BusinessClock; reference?: Lookups } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('traceability', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'traceability'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'traceability', folder: new URL('../migrations/', import.meta.url) },
  ]);
  if (config.ERX_SANDBOX && overrides.clock === undefined) {
    await using registry = connect(
      RegistryServiceDefinition,
      config.ERX_REGISTRY_URL,
      config.ERX_TLS_DIR,
      'traceability',
    );
    await followRegistryClock(clock, registry, 'traceability');
  }
  stack.use(startRelay({ database, brokers, service: 'traceability', log }));
  stack.use(startFolding(database, (err) => log.warn({ err }, 'stock is folded later')));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'traceability', log }));
  stack.use(
    await startConsumer({
      name: 'traceability',
      database,
      brokers,
      topics: consumers.traceability,
      apply: dispatch({
        'erx.dispensing.v1.SaleCompleted': onSaleCompleted({ clock, reference }),
        'erx.dispensing.v1.HandedOver': onHandedOver({ clock, reference }),
        'erx.dispensing.v1.SaleAbandoned': onSaleAbandoned({ clock, reference }),
      }),
      log,
    }),
  );
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'traceability',
      clock,
      contracts: [traceabilityContract({ database, reference }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'traceability', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'traceability', log }));
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
