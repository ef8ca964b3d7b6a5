import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitForBroker } from '@erx/messaging';
import { Failure } from '../failure.ts';
import { logPath } from '../paths.ts';
import { type Kept, keepAlive, untilServing } from '../process/keep-alive.ts';
import { writeAtomically } from '../write-atomically.ts';
import { formatOnce } from './kafka/format.ts';
import { kafkaCommand } from './kafka/java.ts';
import { brokerSettings } from './kafka/settings.ts';
import { lastLines } from './last-lines.ts';

export type KafkaBroker = { brokers: string[]; process: Kept | undefined };
type Options = {
  dataDir: string;
  port: number;
  controllerPort: number;
  /** It will be stopped within minutes. */
  isBrief: boolean;
  signal: AbortSignal;
  onChange(): void;
};

const START_MS = 120_000;
// One that is started together with this process, as in containers, needs its time.
const EXTERNAL_MS = 30_000;
const folderOf = (dataDir: string): string => join(dataDir, 'kafka');

/** The broker's settings file; as its argument it tells the broker of one data folder from others. */
export const kafkaMark = (dataDir: string): string => join(folderOf(dataDir), 'server.properties');

/** The brokers that ERX_KAFKA_BROKERS names, else a single node of our own, kept alive until its process is stopped. */
export async function startKafka(options: Options): Promise<KafkaBroker> {
  const { dataDir, port, controllerPort, isBrief, signal, onChange } = options;
  const external = process.env['ERX_KAFKA_BROKERS'];
  if (external) {
    const brokers = external.split(',');
    await waitForBroker(brokers, EXTERNAL_MS).catch(() => {
      throw new Failure(`The brokers that ERX_KAFKA_BROKERS names do not answer (${external}).`);
    });
    return { brokers, process: undefined };
  }
  const brokers = [`127.0.0.1:${port}`];
  const folder = folderOf(dataDir);
  const logDir = join(folder, 'log');
  mkdirSync(folder, { recursive: true });
  writeAtomically(kafkaMark(dataDir), brokerSettings({ port, controllerPort, logDir }));
  formatOnce(folder, logDir, kafkaMark(dataDir));
  const { command, args } = kafkaCommand(isBrief);
  const logFile = logPath(dataDir, 'kafka');
  const kept = keepAlive({
    start() {
      const log = openSync(logFile, 'a', 0o600);
      const child = spawn(command, [...args, 'kafka.Kafka', kafkaMark(dataDir)], {
        cwd: folder,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      return child;
    },
    ready: () => waitForBroker(brokers, START_MS),
    onChange,
    firstStartFailed: () => new Failure(`Kafka ended while starting: ${lastLines(logFile)} (see ${logFile})`),
  });
  await untilServing(kept, { signal, stopBy: 'SIGTERM', graceMs: 4_000 });
  return { brokers, process: kept };
}

/** Throws everything on the broker away; it must not run. */
export function removeKafkaData(dataDir: string): void {
  rmSync(folderOf(dataDir), { recursive: true, force: true });
}
