import { readFile } from 'node:fs/promises';
import { clusterId, inApplySpans, messagingMigrations, startConsumer, startRelay } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { consumers } from '@erx/proto/topics';
import { openReference } from '@erx/reference';
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
import { formatVerifierKey } from '@erx/tlog';
import { startCosigning } from './commands/cosign.ts';
import { followClients } from './commands/follow-clients.ts';
import { keepLog } from './commands/keep-log.ts';
import { openLog } from './commands/open-log.ts';
import { recordEvents } from './commands/record-events.ts';
import type { AuditConfig } from './config.ts';
import { auditContract } from './inbound/grpc.ts';
import { subscriptionContract } from './inbound/grpc-subscriptions.ts';
import { listenForNews } from './inbound/news.ts';
import { startWebhooks } from './inbound/webhooks.ts';
import { readLogKeys } from './outbound/log-keys.ts';
import { openOutside } from './outbound/outside-checkpoint.ts';
import { connectPeers } from './outbound/peers.ts';
import { openPost } from './outbound/post-webhook.ts';
import { readWitnesses } from './outbound/witnesses.ts';
import { readCheckpointAge, readWitnessAge } from './queries/checkpoint-age.ts';
import { openServedTrees } from './queries/served-trees.ts';

/** A checkpoint is signed each second: what comes meanwhile may as well be recorded together. */
const PATIENCE = { bytes: 32 * 1024, ms: 250 };

/** Starts the service. Disposing it drains: open streams and server first, then consumer, read copy, relay, database. */
export async function startAudit(
  config: AuditConfig,
  overrides: { clock?: BusinessClock } = {},
): Promise<AsyncDisposable & { port: number }> {
  const log = createLogger('audit', config.ERX_LOG_LEVEL);
  const brokers = config.ERX_KAFKA_BROKERS.split(',');
  const clock = overrides.clock ?? createClock();
  await using stack = new AsyncDisposableStack();

  const database = stack.adopt(openDatabase(config.ERX_DATABASE_URL, config.ERX_DATABASE_CONNECTIONS, 'audit'), (it) =>
    it.close(),
  );
  await migrate(database, [
    messagingMigrations,
    { owner: 'audit', folder: new URL('../migrations/', import.meta.url) },
  ]);
  if (config.ERX_SANDBOX && overrides.clock === undefined) {
    await using registry = connect(RegistryServiceDefinition, config.ERX_REGISTRY_URL, config.ERX_TLS_DIR, 'audit');
    await followRegistryClock(clock, registry, 'audit');
  }
  const keys = await readLogKeys(config.ERX_LOG_KEY_FILE);
  const outside = await openOutside(config.ERX_LOG_DIR);
  const witnesses = await readWitnesses(config.ERX_LOG_WITNESSES_FILE);
  await openLog({ database, keys, outside });
  stack.use(startRelay({ database, brokers, service: 'audit', log }));
  const reference = stack.use(await openReference({ database, brokers, service: 'audit', log }));
  const cluster = await clusterId(brokers);
  stack.use(
    await startConsumer({
      name: 'audit',
      database,
      brokers,
      topics: consumers.audit,
      patience: PATIENCE,
      apply: (tx, events) =>
        inApplySpans(events, async () => {
          await recordEvents(tx, events, cluster, clock.machine());
          await followClients(tx, events, clock.machine());
        }),
      log,
    }),
  );
  const rules = { allowsHttp: config.ERX_SANDBOX, allowsPrivate: config.ERX_WEBHOOK_PRIVATE_NETWORKS };
  const master = await readFile(config.ERX_WEBHOOK_KEY_FILE);
  const post = stack.use(openPost(rules));
  stack.use(startWebhooks({ database, post, master, machine: clock.machine, log }));
  const peers = stack.use(connectPeers(config));
  const cosigner = stack.use(startCosigning({ database, witnesses, machine: clock.machine, log }));
  stack.use(keepLog({ database, keys, outside, machine: clock.machine, log, onSigned: cosigner.offer }));
  const news = stack.use(await listenForNews(database));
  const waiting = { witnesses: witnesses.map(({ key }) => formatVerifierKey(key)), machine: clock.machine };
  const served = openServedTrees(database.sql, waiting);
  const draining = new AbortController();
  const server = stack.use(
    await startServer({
      listen: config.ERX_GRPC_LISTEN,
      tlsDir: config.ERX_TLS_DIR,
      service: 'audit',
      clock,
      contracts: [
        subscriptionContract({ database, rules, master }),
        auditContract({ database, reference, peers, news, waiting, served, draining: draining.signal }),
        systemContract(clock, database),
      ],
      recordRefusals: recordRefusals(database, 'audit', (id) => reference.territory([id])),
      log,
    }),
  );
  stack.defer(() => draining.abort());
  stack.use(
    await startVitals({
      listen: config.ERX_INTERNAL_LISTEN,
      database,
      service: 'audit',
      log,
      figures: [readCheckpointAge, readWitnessAge(waiting.witnesses)],
    }),
  );
  const owned = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
