import { readFileSync } from 'node:fs';
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
import type { SettlementConfig } from './config.ts';
import { settlementContract } from './inbound/grpc.ts';
import { onSaleAbandoned } from './inbound/on-sale-abandoned.ts';
import { onSaleCompleted } from './inbound/on-sale-completed.ts';

/** Starts the service. Disposing it drains: server first, then consumer, read copy, relay and database. */
export async function startSettlement(
  config: SettlementConfig,
  overrides: { clock?: BusinessClock; reference?: Lookups } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('settlement', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  const quoteKey = readFileSync(config.ERX_QUOTE_KEY_FILE);
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'settlement'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'settlement', folder: new URL('../migrations/', import.meta.url) },
  ]);
  if (config.ERX_SANDBOX && overrides.clock === undefined) {
    await using registry = connect(
      RegistryServiceDefinition,
      config.ERX_REGISTRY_URL,
      config.ERX_TLS_DIR,
      'settlement',
    );
    await followRegistryClock(clock, registry, 'settlement');
  }
  stack.use(startRelay({ database, brokers, service: 'settlement', log }));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'settlement', log }));
  stack.use(
    await startConsumer({
      name: 'settlement',
      database,
      brokers,
      topics: consumers.settlement,
      apply: dispatch({
        'erx.dispensing.v1.SaleCompleted': onSaleCompleted({ clock, reference }),
        'erx.dispensing.v1.SaleAbandoned': onSaleAbandoned({ clock, reference }),
      }),
      log,
    }),
  );
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'settlement',
      clock,
      contracts: [settlementContract({ database, reference, quoteKey }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'settlement', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'settlement', log }));
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
