import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diskFull, Failure, saysDiskFull } from '../../failure.ts';
import { writeAtomically } from '../../write-atomically.ts';
import { kafkaCommand } from './java.ts';

/** Formats the broker's folder once. The note beside it is written last: without it, whatever lies there is half-made. */
export function formatOnce(folder: string, logDir: string, settingsFile: string): void {
  const note = join(folder, 'cluster-id');
  if (existsSync(note)) return;
  rmSync(logDir, { recursive: true, force: true });
  const { command, args } = kafkaCommand();
  const id = clusterId();
  const { status, stdout, stderr, error } = spawnSync(
    command,
    [...args, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settingsFile],
    { encoding: 'utf8', cwd: folder },
  );
  if (status !== 0) {
    const output = `${stdout ?? ''}${stderr ?? ''}`.trim();
    if (error) throw noJava();
    if (saysDiskFull(output)) throw new Failure(diskFull(folder));
    throw new Failure(`Kafka could not format ${logDir}: ${output.split('\n').slice(-2).join(' / ')}`);
  }
  writeAtomically(note, `${id}\n`);
}

function noJava(): Failure {
  return new Failure(
    'Kafka needs Java 17 or newer: `apt-get install default-jdk-headless` (or your system’s JDK), or name a broker: ERX_KAFKA_BROKERS=host:port',
  );
}

/** 16 random bytes as Kafka writes them; a leading `-` would look like an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}
