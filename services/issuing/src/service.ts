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
  systemContract,
} from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import type { IssuingConfig } from './config.ts';
import { openNumbers } from './domain/numbers.ts';
import { issuingContract } from './inbound/grpc.ts';
import { onHandedOver } from './inbound/on-handed-over.ts';
import { onLockReleased } from './inbound/on-lock-released.ts';
import { onPharmacistApproved } from './inbound/on-pharmacist-approved.ts';
import { onPharmacistRefused } from './inbound/on-pharmacist-refused.ts';
import { onPrescriptionLocked } from './inbound/on-prescription-locked.ts';
import { onSaleCompleted } from './inbound/on-sale-completed.ts';
import { openQrKey } from './outbound/qr.ts';
import { takeBlock } from './store/number-blocks.ts';

/** Starts the service. Disposing it drains: server first, then consumer, read copy, relay, registry and database. */
export async function startIssuing(
  config: IssuingConfig,
  overrides: { clock?: BusinessClock; reference?: Lookups } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('issuing', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  const qrOf = openQrKey(config.ERX_QR_KEY_FILE);
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'issuing'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'issuing', folder: new URL('../migrations/', import.meta.url) },
  ]);
  const registry = stack.use(
    connect(RegistryServiceDefinition, config.ERX_REGISTRY_URL, config.ERX_TLS_DIR, 'issuing'),
  );
  if (config.ERX_SANDBOX && overrides.clock === undefined) await followRegistryClock(clock, registry, 'issuing');
  stack.use(startRelay({ database, brokers, service: 'issuing', log }));
  const reference = overrides.reference ?? stack.use(await openReference({ brokers, service: 'issuing', log }));
  stack.use(
    await startConsumer({
      name: 'issuing',
      database,
      brokers,
      topics: consumers.issuing,
      apply: dispatch({
        'erx.dispensing.v1.PrescriptionLocked': onPrescriptionLocked,
        'erx.dispensing.v1.LockReleased': onLockReleased,
        'erx.dispensing.v1.PharmacistApproved': onPharmacistApproved,
        'erx.dispensing.v1.PharmacistRefused': onPharmacistRefused,
        'erx.dispensing.v1.SaleCompleted': onSaleCompleted,
        'erx.dispensing.v1.HandedOver': onHandedOver,
      }),
      log,
    }),
  );
  const numbers = openNumbers((division, day) => takeBlock(database, division, day));
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'issuing',
      clock,
      contracts: [issuingContract({ database, reference, registry, numbers, qrOf }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'issuing', (id) => reference.territory([id])),
      log,
    }),
  );
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
