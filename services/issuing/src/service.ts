import { dispatch, messagingMigrations, startConsumer, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { consumers } from '@erx/proto/topics';
import { type Lookups, openReference } from '@erx/reference';
import {
  type BusinessClock,
  createClock,
  followRegistryClock,
  recordRefusals,
  startServer,
  startVitals,
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
import { onPrescriptionExpired } from './inbound/on-prescription-expired.ts';
import { onPrescriptionHeld } from './inbound/on-prescription-held.ts';
import { onPrescriptionLocked } from './inbound/on-prescription-locked.ts';
import { onPrescriptionResumed } from './inbound/on-prescription-resumed.ts';
import { onPrescriptionWithdrawn } from './inbound/on-prescription-withdrawn.ts';
import { onSaleCompleted } from './inbound/on-sale-completed.ts';
import { onSaleReversed } from './inbound/on-sale-reversed.ts';
import { onSaleReversing } from './inbound/on-sale-reversing.ts';
import { onWithdrawalRequested } from './inbound/on-withdrawal-requested.ts';
import { connectPeers } from './outbound/peers.ts';
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
  const peers = stack.use(connectPeers(config));
  if (config.ERX_SANDBOX && overrides.clock === undefined) await followRegistryClock(clock, peers.registry, 'issuing');
  stack.use(startRelay({ database, brokers, service: 'issuing', log }));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'issuing', log }));
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
        'erx.dispensing.v1.WithdrawalRequested': onWithdrawalRequested,
        'erx.dispensing.v1.PrescriptionWithdrawn': onPrescriptionWithdrawn,
        'erx.dispensing.v1.PrescriptionExpired': onPrescriptionExpired,
        'erx.dispensing.v1.PrescriptionHeld': onPrescriptionHeld,
        'erx.dispensing.v1.PrescriptionResumed': onPrescriptionResumed,
        'erx.dispensing.v1.SaleReversing': onSaleReversing,
        'erx.dispensing.v1.SaleReversed': onSaleReversed,
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
      contracts: [issuingContract({ ...peers, database, reference, numbers, qrOf }), systemContract(clock, database)],
      recordRefusals: recordRefusals(database, 'issuing', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'issuing', log }));
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
