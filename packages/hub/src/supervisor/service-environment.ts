import { join } from 'node:path';
import type { Engines } from '../engines/engines.ts';
import { logDirBeside } from '../log/log-places.ts';
import { type ServiceName, serviceNames } from '../services.ts';

export type Surroundings = Pick<Engines, 'databases' | 'brokers' | 'tls' | 'secrets'> & {
  /** Where a service listens for calls of others. */
  listen(name: ServiceName): string;
  /** Where it shows health and metrics. */
  internal(name: ServiceName): string;
  /** Where others find it. */
  address(name: ServiceName): string;
  /** Where the gateway listens for everybody. */
  http: string;
  /** File that names who cosigns the log. */
  witnesses?: string | undefined;
};

/** The settings of one service; each gets only the key files that are its business. */
export function serviceEnvironment(name: ServiceName, around: Surroundings): Record<string, string> {
  const peers = serviceNames.filter((peer) => peer !== 'gateway' && peer !== name);
  return {
    ERX_SERVICE: name,
    ERX_DATABASE_URL: around.databases[name],
    ERX_KAFKA_BROKERS: around.brokers.join(','),
    ERX_GRPC_LISTEN: around.listen(name),
    ERX_INTERNAL_LISTEN: around.internal(name),
    ERX_TLS_DIR: around.tls,
    ERX_SANDBOX: process.env['ERX_SANDBOX'] || 'true',
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] || 'info',
    ...Object.fromEntries(peers.map((peer) => [`ERX_${peer.toUpperCase()}_URL`, around.address(peer)])),
    ...(name === 'audit' ? { ERX_LOG_DIR: logDirBeside(around.secrets) } : {}),
    ...(name === 'audit' && around.witnesses ? { ERX_LOG_WITNESSES_FILE: around.witnesses } : {}),
    ...(name === 'gateway' ? { ERX_HTTP_LISTEN: around.http } : {}),
    ...Object.fromEntries(keyFiles[name].map(([setting, file]) => [setting, join(around.secrets, file)])),
  };
}

const qr = ['ERX_QR_KEY_FILE', 'qr.key'] as const;

const keyFiles: Record<ServiceName, readonly (readonly [setting: string, file: string])[]> = {
  registry: [],
  verification: [
    ['ERX_PERSON_WRAP_KEY_FILE', 'person-wrap.key'],
    ['ERX_PERSON_LOOKUP_KEY_FILE', 'person-lookup.key'],
    // With the keys, so that it is copied and kept apart from the data as they are.
    ['ERX_ERASURES_FILE', 'erasures.txt'],
  ],
  issuing: [qr],
  dispensing: [qr],
  traceability: [],
  settlement: [['ERX_QUOTE_KEY_FILE', 'quote.key']],
  audit: [
    ['ERX_LOG_KEY_FILE', 'log.keys'],
    ['ERX_WEBHOOK_KEY_FILE', 'webhook.key'],
  ],
  gateway: [
    ['ERX_REQUEST_HASH_KEY_FILE', 'request-hash.key'],
    ['ERX_TOKEN_KEYS_FILE', 'token-keys.json'],
    ['ERX_AUTHORITY_JWK_FILE', 'authority.public.jwk.json'],
  ],
};
