import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEngines } from '../engines/engines.ts';
import { Failure } from '../failure.ts';
import { serviceNames } from '../services.ts';
import { serviceEnvironment } from '../supervisor/service-environment.ts';
import { writeAtomically } from '../write-atomically.ts';
import type { Context } from './context.ts';

const GRPC_PORT = 7000;
const INTERNAL_PORT = 7001;

/**
 * Prepares external engines for services in containers: databases, topics, certificates, secrets, and one file of
 * settings per service (`env/<service>.env`), all in the data folder. Containers call each other by service name.
 */
export async function provision(_args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  if (!process.env['ERX_POSTGRES_URL'] || !process.env['ERX_KAFKA_BROKERS']) {
    throw new Failure('provision prepares engines that run elsewhere: set ERX_POSTGRES_URL and ERX_KAFKA_BROKERS.');
  }
  await using engines = await startEngines(dataDir, { progress, signal });
  const around = {
    ...engines,
    listen: () => `0.0.0.0:${GRPC_PORT}`,
    internal: () => `0.0.0.0:${INTERNAL_PORT}`,
    address: (name: string) => `${name}:${GRPC_PORT}`,
    http: '0.0.0.0:8080',
  };
  mkdirSync(join(dataDir, 'env'), { recursive: true, mode: 0o700 });
  for (const name of serviceNames) {
    const settings = Object.entries(serviceEnvironment(name, around)).map(([key, value]) => `${key}='${value}'\n`);
    writeAtomically(join(dataDir, 'env', `${name}.env`), settings.join(''));
  }
  progress('settings are written');
  return 0;
}
