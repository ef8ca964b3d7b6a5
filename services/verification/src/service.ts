import { messagingMigrations, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
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
import { replayErasures } from './commands/replay-erasures.ts';
import type { VerificationConfig } from './config.ts';
import { openErasureList } from './erasure-list.ts';
import { verificationContract } from './inbound/grpc.ts';
import { createPeople } from './outbound/people.ts';
import { openHubKeys } from './sealing/hub-keys.ts';
import { readKeyFile } from './sealing/key-file.ts';
import { createLookupKey } from './sealing/lookup-key.ts';
import { createSealing } from './sealing/sealing.ts';

/** Starts the service. Disposing it drains: server first, then read copy, relay, connection to registry and database. */
export async function startVerification(
  config: VerificationConfig,
  overrides: { clock?: BusinessClock; reference?: Lookups } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('verification', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  const hubKeys = openHubKeys(config.ERX_PERSON_WRAP_KEY_FILE);
  hubKeys.current(); // a file that holds no key is found now, not at the first import
  const lookupKey = createLookupKey(readKeyFile('ERX_PERSON_LOOKUP_KEY_FILE', config.ERX_PERSON_LOOKUP_KEY_FILE));
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'verification'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'verification', folder: new URL('../migrations/', import.meta.url) },
  ]);
  const registry = stack.use(
    connect(RegistryServiceDefinition, config.ERX_REGISTRY_URL, config.ERX_TLS_DIR, 'verification'),
  );
  if (config.ERX_SANDBOX && overrides.clock === undefined) await followRegistryClock(clock, registry, 'verification');
  const issuing = stack.use(
    connect(IssuingServiceDefinition, config.ERX_ISSUING_URL, config.ERX_TLS_DIR, 'verification'),
  );
  const erasures = openErasureList(config.ERX_ERASURES_FILE);
  const replayed = await replayErasures(database, erasures, clock);
  if (replayed > 0) log.warn({ replayed }, 'deletions that the database had forgotten were done again');
  stack.use(startRelay({ database, brokers, service: 'verification', log }));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'verification', log }));
  const people = createPeople(registry, lookupKey);
  const sealing = createSealing(database, hubKeys);
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'verification',
      clock,
      contracts: [
        verificationContract({ database, reference, registry, issuing, erasures, people, sealing, lookupKey }),
        systemContract(clock, database),
      ],
      recordRefusals: recordRefusals(database, 'verification', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'verification', log }));
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
