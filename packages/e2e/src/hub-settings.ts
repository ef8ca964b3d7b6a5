import { copyFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';

export const serviceNames = [
  'registry',
  'verification',
  'issuing',
  'traceability',
  'settlement',
  'dispensing',
  'audit',
  'gateway',
] as const;
export type ServiceName = (typeof serviceNames)[number];
export type Settings = Record<string, string>;

/** A hub that is not yet started: databases and topics of its own on the engines of the tests, free ports. */
export type HubSettings = {
  url: string;
  databases: Record<ServiceName, string>;
  brokers: string[];
  /** Where each would show health and metrics. */
  internal: Record<ServiceName, string>;
  /** Where each service answers the others, and the certificates for it. */
  addresses: Record<ServiceName, string>;
  tls: string;
  /** A folder of this hub's own; whoever starts it removes it. */
  folder: string;
  /** Verification's hub key: a copy of its own, which a test may replace. */
  wrapKeyFile: string;
  /** The environment of one service. */
  of(name: ServiceName): Settings;
};

export async function makeHubSettings(): Promise<HubSettings> {
  const ports = await freePorts(2 * serviceNames.length + 1);
  const address = Object.fromEntries(serviceNames.map((name, index) => [name, `127.0.0.1:${ports[index]}`])) as Record<
    ServiceName,
    string
  >;
  const internal = Object.fromEntries(
    serviceNames.map((name, index) => [name, `127.0.0.1:${ports[serviceNames.length + index]}`]),
  ) as Record<ServiceName, string>;
  const http = `127.0.0.1:${ports.at(-1)}`;
  const brokers = (await freshNamespace()).join(',');
  const databases = {} as Record<ServiceName, string>;
  for (const name of serviceNames) databases[name] = await freshDatabase(name);
  const folder = mkdtempSync(join(tmpdir(), 'erx-hub-'));
  const wrapKeyFile = join(folder, 'person-wrap.key');
  copyFileSync(secretFile('person-wrap.key'), wrapKeyFile);
  const shared: Settings = {
    ERX_KAFKA_BROKERS: brokers,
    ERX_TLS_DIR: engines().tls,
    ERX_SANDBOX: 'true',
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] ?? 'silent',
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_HTTP_LISTEN: http,
    ERX_AUTHORITY_JWK_FILE: secretFile('authority.public.jwk.json'),
    ERX_PERSON_WRAP_KEY_FILE: wrapKeyFile,
    ERX_ERASURES_FILE: join(folder, 'erasures.txt'),
    ERX_PERSON_LOOKUP_KEY_FILE: secretFile('person-lookup.key'),
    ERX_QUOTE_KEY_FILE: secretFile('quote.key'),
    ERX_QR_KEY_FILE: secretFile('qr.key'),
    ERX_REQUEST_HASH_KEY_FILE: secretFile('request-hash.key'),
    ERX_TOKEN_KEYS_FILE: secretFile('token-keys.json'),
    ERX_LOG_KEY_FILE: secretFile('log.keys'),
    ERX_LOG_DIR: join(folder, 'audit-log'),
    ERX_WEBHOOK_KEY_FILE: secretFile('webhook.key'),
    ...Object.fromEntries(serviceNames.map((name) => [`ERX_${name.toUpperCase()}_URL`, address[name]])),
  };
  return {
    url: `http://${http}`,
    databases,
    brokers: brokers.split(','),
    internal,
    addresses: address,
    tls: engines().tls,
    folder,
    wrapKeyFile,
    of: (name) => ({
      ...shared,
      ERX_SERVICE: name,
      ERX_DATABASE_URL: databases[name],
      ERX_GRPC_LISTEN: address[name],
    }),
  };
}

/** Free ports, all different: held open together before any is given away. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
