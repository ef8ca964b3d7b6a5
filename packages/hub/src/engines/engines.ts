import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { provisionTopics } from '@erx/messaging';
import { refuseUnfinished } from '../backup/unfinished.ts';
import { ensureCertificates } from '../certificates.ts';
import { diskFull, Failure } from '../failure.ts';
import { choosePorts } from '../ports.ts';
import type { Kept } from '../process/keep-alive.ts';
import { type Progress, silent } from '../progress.ts';
import { ensureSecrets } from '../secrets.ts';
import type { ServiceName } from '../services.ts';
import { claimFolder } from './claim-folder.ts';
import { startKafka } from './kafka.ts';
import { provisionDatabases } from './postgres/databases.ts';
import { startPostgres } from './postgres.ts';

/** What services need around them: databases, topics, certificates and key files. */
export type Engines = {
  /** Superuser's address, database `postgres`. */
  adminUrl: string;
  databases: Record<ServiceName, string>;
  brokers: string[];
  /** Folder with `ca.pem`, `<service>.pem`, `<service>.key`. */
  tls: string;
  /** Folder with the key files. */
  secrets: string;
  /** Engines of our own. */
  kept: { postgres: Kept | undefined; kafka: Kept | undefined };
  /** Their process ids. */
  processes(): { postgres?: number; kafka?: number };
};

type Options = {
  progress?: Progress;
  signal?: AbortSignal;
  onChange?(): void;
  restoring?: boolean;
  /** They will be stopped within minutes. */
  isBrief?: boolean;
  /** Settings of PostgreSQL beyond the usual ones. */
  postgresSettings?: Record<string, string> | undefined;
};

const LEAST_FREE_BYTES = 600 * 1024 * 1024;

/**
 * Starts PostgreSQL and Kafka for a data folder, with databases, topics, certificates and secrets; restarts them when
 * they die. Disposing it stops them. What a killed holder left running is stopped first.
 */
export async function startEngines(dataDir: string, options: Options = {}): Promise<Engines & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  stack.use(await claimFolder(dataDir));
  const owned = await startClaimedEngines(dataDir, options);
  stack.use(owned);
  const rest = stack.move();
  return { ...owned, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** The same for a folder that this process has claimed already. */
export async function startClaimedEngines(dataDir: string, options: Options): Promise<Engines & AsyncDisposable> {
  const { progress = silent, signal = new AbortController().signal, onChange = () => {} } = options;
  const { restoring = false, isBrief = false, postgresSettings } = options;
  if (!restoring) refuseUnfinished(dataDir);
  const [tls, secrets] = [join(dataDir, 'tls'), join(dataDir, 'secrets')];
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < LEAST_FREE_BYTES) throw new Failure(diskFull(dataDir));
  await ensureSecrets(secrets);
  await ensureCertificates(tls);
  const ports = await choosePorts(dataDir, ['postgres', 'kafka', 'kafkaController']);

  await using stack = new AsyncDisposableStack();
  const [postgres, kafka] = await Promise.allSettled([
    startPostgres({
      dataDir,
      secretsDir: secrets,
      port: ports.postgres,
      signal,
      onChange,
      settings: postgresSettings,
    }),
    startKafka({ dataDir, port: ports.kafka, controllerPort: ports.kafkaController, isBrief, signal, onChange }),
  ]);
  if (postgres.status === 'fulfilled') stack.defer(async () => postgres.value.process?.stop('SIGINT', 4_000));
  if (kafka.status === 'fulfilled') stack.defer(async () => kafka.value.process?.stop('SIGTERM', 4_000));
  if (postgres.status === 'rejected') throw postgres.reason;
  if (kafka.status === 'rejected') throw kafka.reason;
  const databases = await provisionDatabases(postgres.value.adminUrl, secrets);
  progress(`PostgreSQL answers on ${new URL(postgres.value.adminUrl).host}`);
  await provisionTopics(kafka.value.brokers);
  progress(`Kafka answers on ${kafka.value.brokers.join(', ')}, topics are there`);

  const owned = stack.move();
  return {
    adminUrl: postgres.value.adminUrl,
    databases,
    brokers: kafka.value.brokers,
    tls,
    secrets,
    kept: { postgres: postgres.value.process, kafka: kafka.value.process },
    processes: () => idsOf({ postgres: postgres.value.process?.pid, kafka: kafka.value.process?.pid }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function idsOf(ids: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(Object.entries(ids).filter((entry): entry is [string, number] => entry[1] !== undefined));
}
