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
import { startSweep } from './commands/circulation/sweep.ts';
import { startSaleDriver } from './commands/sale/sale-driver.ts';
import { defaultTiming, type SaleTiming } from './commands/sale/timing.ts';
import type { DispensingConfig } from './config.ts';
import { dispensingContract } from './inbound/grpc.ts';
import { onPractitionerPublished } from './inbound/on-practitioner-published.ts';
import { onPrescriptionCirculating } from './inbound/on-prescription-circulating.ts';
import { connectPeers } from './outbound/peers.ts';
import { openQr } from './qr.ts';
import { readSalesInFlight } from './queries/sales-in-flight.ts';

type Overrides = { clock?: BusinessClock; reference?: Lookups; timing?: Partial<SaleTiming>; sweepMs?: number };

/** How often the clock's doing is written, in milliseconds of machine time. */
const SWEEP_MS = 1_000;

/** Starts the service. Disposing it drains: server first, then consumer, sweep, sales, read copy, relay and database. */
export async function startDispensing(
  config: DispensingConfig,
  overrides: Overrides = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('dispensing', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'dispensing'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'dispensing', folder: new URL('../migrations/', import.meta.url) },
  ]);
  if (config.ERX_SANDBOX && overrides.clock === undefined) {
    await using registry = connect(
      RegistryServiceDefinition,
      config.ERX_REGISTRY_URL,
      config.ERX_TLS_DIR,
      'dispensing',
    );
    await followRegistryClock(clock, registry, 'dispensing');
  }
  stack.use(startRelay({ database, brokers, service: 'dispensing', log }));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'dispensing', log }));
  const peers = stack.use(connectPeers(config));
  const timing = { ...defaultTiming, ...overrides.timing };
  const sales = stack.use(startSaleDriver({ database, reference, peers, clock, timing, log }));
  stack.use(startSweep({ database, reference, clock, log, everyMs: overrides.sweepMs ?? SWEEP_MS }));
  stack.use(
    await startConsumer({
      name: 'dispensing',
      database,
      brokers,
      topics: consumers.dispensing,
      apply: dispatch({
        'erx.issuing.v1.PrescriptionCirculating': onPrescriptionCirculating({ clock, reference }),
        'erx.registry.v1.PractitionerPublished': onPractitionerPublished({ clock, reference }),
      }),
      log,
    }),
  );
  const readQr = openQr(readFileSync(config.ERX_QR_KEY_FILE));
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'dispensing',
      clock,
      contracts: [dispensingContract({ database, reference, peers, readQr, sales }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'dispensing', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(
    await startVitals({
      listen: config.ERX_INTERNAL_LISTEN,
      database,
      service: 'dispensing',
      log,
      figures: [readSalesInFlight],
    }),
  );
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
