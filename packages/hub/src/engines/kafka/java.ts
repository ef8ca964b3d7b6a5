import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { root } from '../../paths.ts';

const home = join(root, 'infra', 'kafka');

/**
 * Command and leading arguments that run a main class of Kafka. Windows separates paths otherwise; `*` needs no more.
 * `isBrief`: the broker lives for minutes, so its code is compiled quickly (half the processor time until it serves)
 * instead of well.
 */
export function kafkaCommand(isBrief = false): { command: string; args: string[] } {
  const java = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java';
  const compiled = isBrief ? ['-XX:TieredStopAtLevel=1'] : [];
  const args = ['-Xmx512m', '-XX:+UseSerialGC', ...compiled, `-Dlog4j2.configurationFile=${join(home, 'log4j2.xml')}`];
  return { command: java, args: [...args, '-cp', join(findJars(), '*')] };
}

// The bootstrap keeps the jars in a folder named after the pom that they came by; it exists only when complete.
function findJars(): string {
  const pom = createHash('sha256')
    .update(readFileSync(join(home, 'pom.xml')))
    .digest('hex');
  const folder = join(home, 'lib', pom.slice(0, 16));
  if (existsSync(folder)) return folder;
  throw new Failure(
    'The Kafka jars are missing: start by `npm run hub` (it fetches them with Maven), or name a broker: ERX_KAFKA_BROKERS=host:port',
  );
}
