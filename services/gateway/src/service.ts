import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { messagingMigrations, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
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
import { ensureAuthority } from './commands/ensure-authority.ts';
import { type GatewayConfig, listenAddress } from './config.ts';
import { openDoor } from './http/open-door.ts';
import type { StreamLimits } from './http/routes/audit-stream.ts';
import { drainHttp } from './http/server.ts';
import { openPeers } from './outbound/peers.ts';
import { watchSuspended } from './store/suspended.ts';

type Overrides = { clock?: BusinessClock; reference?: Lookups; streams?: Partial<StreamLimits> };

const STREAMS: StreamLimits = { heartbeatMs: 15_000, patienceMs: 30_000, longestMs: 3_600_000 };

/** Starts the gateway. Disposing it drains: the HTTP door first, then the rest. `port` is where HTTP is served. */
export async function startGateway(
  config: GatewayConfig,
  overrides: Overrides = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('gateway', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(
    openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'gateway'),
    (it) => it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'gateway', folder: new URL('../migrations/', import.meta.url) },
  ]);
  await ensureAuthority(database, config.ERX_AUTHORITY_JWK_FILE, clock.machine());
  const peers = openPeers(config, stack);
  if (config.ERX_SANDBOX && overrides.clock === undefined) {
    await followRegistryClock(clock, peers.registry, 'gateway');
  }
  stack.use(startRelay({ database, brokers, service: 'gateway', log }));
  const reference =
    overrides.reference ?? stack.use(await openReference({ database, brokers, service: 'gateway', log }));
  const territory = (id: string) => reference.territory([id]);
  const refusalRecorder = recordRefusals(database, 'gateway', territory);
  const suspended = stack.use(await watchSuspended(database, log));
  stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'gateway',
      clock,
      contracts: [systemContract(clock, database)],
      recordRefusals: refusalRecorder,
      log,
    }),
  );
  const app = await openDoor({
    config,
    database,
    clock,
    peers,
    recordRefusals: refusalRecorder,
    suspended,
    territory,
    hashKey: await readFile(config.ERX_REQUEST_HASH_KEY_FILE),
    streams: { ...STREAMS, ...overrides.streams },
    log,
  });
  stack.adopt(app, drainHttp);
  await app.listen(listenAddress(config));
  stack.use(await startVitals({ listen: config.ERX_INTERNAL_LISTEN, database, service: 'gateway', log }));
  const owned = stack.move();
  return {
    port: (app.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
