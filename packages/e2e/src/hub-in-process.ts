import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
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
type Environment = Record<string, string>;

export type HubInProcess = AsyncDisposable & {
  url: string;
  databases: Record<ServiceName, string>;
  brokers: string[];
  /** The hub key, this hub's own. */
  wrapKeyFile: string;
  /** Stops one service as its process would, draining, and starts it again on the same port. */
  restart(name: ServiceName): Promise<void>;
};

/** Every service of the hub in this process, on real engines, with databases and topics of its own. */
export async function startHubInProcess(): Promise<HubInProcess> {
  const ports = await freePorts(serviceNames.length + 1);
  const address = Object.fromEntries(serviceNames.map((name, index) => [name, `127.0.0.1:${ports[index]}`])) as Record<
    ServiceName,
    string
  >;
  const http = `127.0.0.1:${ports.at(-1)}`;
  const brokers = (await freshNamespace()).join(',');
  const databases = {} as Record<ServiceName, string>;
  for (const name of serviceNames) databases[name] = await freshDatabase(name);
  const folder = mkdtempSync(join(tmpdir(), 'erx-hub-'));
  const wrapKeyFile = join(folder, 'person-wrap.key');
  copyFileSync(secretFile('person-wrap.key'), wrapKeyFile);
  const shared: Environment = {
    ERX_KAFKA_BROKERS: brokers,
    ERX_TLS_DIR: engines().tls,
    ERX_SANDBOX: 'true',
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] ?? 'silent',
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_HTTP_LISTEN: http,
    ERX_AUTHORITY_JWK_FILE: secretFile('authority.public.jwk.json'),
    ERX_PERSON_WRAP_KEY_FILE: wrapKeyFile,
    ERX_PERSON_LOOKUP_KEY_FILE: secretFile('person-lookup.key'),
    ERX_QUOTE_KEY_FILE: secretFile('quote.key'),
    ERX_QR_KEY_FILE: secretFile('qr.key'),
    ERX_REQUEST_HASH_KEY_FILE: secretFile('request-hash.key'),
    ...Object.fromEntries(serviceNames.map((name) => [`ERX_${name.toUpperCase()}_URL`, address[name]])),
  };
  const environment = (name: ServiceName): Environment => ({
    ...shared,
    ERX_SERVICE: name,
    ERX_DATABASE_URL: databases[name],
    ERX_GRPC_LISTEN: address[name],
  });
  const running = new Map<ServiceName, AsyncDisposable>();
  // All at once: services wait for what they need themselves.
  await Promise.all(serviceNames.map(async (name) => running.set(name, await starters[name](environment(name)))));
  return {
    url: `http://${http}`,
    databases,
    brokers: brokers.split(','),
    wrapKeyFile,
    async restart(name) {
      await running.get(name)?.[Symbol.asyncDispose]();
      running.set(name, await starters[name](environment(name)));
    },
    async [Symbol.asyncDispose]() {
      for (const name of [...serviceNames].reverse()) await running.get(name)?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const starters: Record<ServiceName, (env: Environment) => Promise<AsyncDisposable>> = {
  registry: async (env) =>
    (await import('@erx/registry')).startRegistry((await import('@erx/registry/config')).readConfig(env)),
  verification: async (env) =>
    (await import('@erx/verification')).startVerification((await import('@erx/verification/config')).readConfig(env)),
  issuing: async (env) =>
    (await import('@erx/issuing')).startIssuing((await import('@erx/issuing/config')).readConfig(env)),
  traceability: async (env) =>
    (await import('@erx/traceability')).startTraceability((await import('@erx/traceability/config')).readConfig(env)),
  settlement: async (env) =>
    (await import('@erx/settlement')).startSettlement((await import('@erx/settlement/config')).readConfig(env)),
  dispensing: async (env) =>
    (await import('@erx/dispensing')).startDispensing((await import('@erx/dispensing/config')).readConfig(env)),
  audit: async (env) => (await import('@erx/audit')).startAudit((await import('@erx/audit/config')).readConfig(env)),
  gateway: async (env) =>
    (await import('@erx/gateway')).startGateway((await import('@erx/gateway/config')).readConfig(env)),
};

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
