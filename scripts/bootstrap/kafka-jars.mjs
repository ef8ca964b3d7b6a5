import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfFile, root } from './paths.mjs';
import { runQuietly } from './run-quietly.mjs';
import { diskFull, Stop, saysDiskFull } from './stop.mjs';
import { answer, remedies } from './tools.mjs';

const pom = join(root, 'infra', 'kafka', 'pom.xml');
const lib = join(root, 'infra', 'kafka', 'lib');

/** Named after the pom that the jars came by; exists only when complete. */
const target = () => join(lib, hashOfFile(pom).slice(0, 16));

export const kafkaJarsAreThere = () => existsSync(target());

/** Fetches Kafka's jars with Maven: into a folder of their own first, renamed when all are there. */
export async function prepareKafkaJars() {
  if (kafkaJarsAreThere()) return;
  if (answer('mvn', ['--version']) === undefined) {
    throw new Stop(
      `Maven is missing; it fetches Kafka: ${remedies.maven} (or name a broker: ERX_KAFKA_BROKERS=host:port).`,
    );
  }
  for (const left of existsSync(lib) ? readdirSync(lib) : []) {
    if (left.startsWith('partial-')) rmSync(join(lib, left), { recursive: true, force: true });
  }
  const partial = join(lib, `partial-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`];
  const { code, output } = await runQuietly('fetching Kafka with Maven', 'mvn', args);
  if (code !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new Stop(reason(output));
  }
  renameSync(partial, target());
}

function reason(output) {
  if (saysDiskFull(output)) return diskFull;
  const line = output.split('\n').find((it) => it.startsWith('[ERROR]')) ?? output.trim().split('\n').at(-1);
  return `Maven could not fetch Kafka (${line?.slice(0, 300)}). Check the network, then repeat: mvn -f infra/kafka/pom.xml dependency:resolve`;
}
