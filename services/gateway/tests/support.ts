import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Refused, refuse } from '@erx/errors';
import { openDatabase } from '@erx/postgres';
import { AuditServiceDefinition } from '@erx/proto/audit/v1/audit_service';
import { SubscriptionServiceDefinition } from '@erx/proto/audit/v1/subscription_service';
import { SystemServiceDefinition } from '@erx/proto/common/v1/system_service';
import { DispensingServiceDefinition } from '@erx/proto/dispensing/v1/dispensing_service';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import type { Lookups } from '@erx/reference';
import { type Call, createClock, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { readConfig } from '../src/config.ts';
import type { StreamLimits } from '../src/http/routes/audit-stream.ts';
import { startGateway } from '../src/service.ts';
import { tokenOf } from './tokens.ts';

type Fake = (request: never, call: Call) => unknown;
/** Answers by method name (`precheck`, `sell`, …); what is not set refuses NOT_FOUND. */
type Fakes = Record<string, Fake>;
type Asked = { method: string; request: Record<string, unknown>; call: Call };

const contracts = {
  registry: [RegistryServiceDefinition],
  verification: [VerificationServiceDefinition],
  issuing: [IssuingServiceDefinition],
  dispensing: [DispensingServiceDefinition],
  traceability: [TraceabilityServiceDefinition],
  settlement: [],
  audit: [AuditServiceDefinition, SubscriptionServiceDefinition],
};

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

/** A gateway on the real engines; every other service is a fake behind real gRPC. */
export async function startTestGateway(
  options: { sandbox?: boolean; streams?: Partial<StreamLimits>; env?: Record<string, string> } = {},
) {
  await using stack = new AsyncDisposableStack();
  const fakes: Fakes = {};
  const asked: Asked[] = [];
  const addresses = await startFakes(stack, fakes, asked);
  const port = await freePort();
  const config = readConfig({
    ERX_DATABASE_URL: await freshDatabase('gateway'),
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_SANDBOX: String(options.sandbox ?? true),
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] ?? 'silent',
    ERX_HTTP_LISTEN: `127.0.0.1:${port}`,
    ERX_REQUEST_HASH_KEY_FILE: secretFile('request-hash.key'),
    ERX_TOKEN_KEYS_FILE: secretFile('token-keys.json'),
    ERX_AUTHORITY_JWK_FILE: secretFile('authority.public.jwk.json'),
    ...addresses,
    ...options.env,
  });
  let ahead = 0;
  const clock = createClock(() => new Date(Date.now() + ahead));
  const reference = { territory: () => ['420102'] } as unknown as Lookups;
  const gateway = stack.use(
    await startGateway(config, { clock, reference, streams: { heartbeatMs: 60_000, ...options.streams } }),
  );
  const database = stack.adopt(openDatabase(config.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const url = `http://127.0.0.1:${port}`;
  const keys = new Map<string, JWK>([['authority', authorityKey()]]);
  const tokens = new Map<string, string>();
  const owned = stack.move();

  async function token(clientId: string): Promise<string> {
    const known = tokens.get(clientId) ?? (await tokenOf(url, clientId, keys.get(clientId) as JWK));
    tokens.set(clientId, known);
    return known;
  }

  return {
    url,
    fakes,
    asked,
    keys,
    clock,
    database,
    token,
    /** Lets the machine's clock of the gateway run so much ahead. */
    advance: (ms: number) => {
      ahead += ms;
    },
    stop: () => gateway[Symbol.asyncDispose](),
    /** One request; a write gets a key of its own unless one is given. */
    async send(method: string, path: string, more: Send = {}): Promise<Answer> {
      const headers = new Headers(more.headers);
      if (more.as !== undefined) headers.set('authorization', `Bearer ${await token(more.as)}`);
      if (method !== 'GET' && !headers.has('idempotency-key') && more.key !== null) {
        headers.set('idempotency-key', more.key ?? crypto.randomUUID());
      }
      if (more.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
      const body = more.raw ?? (more.body === undefined ? undefined : JSON.stringify(more.body));
      const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
    },
    /** Registers a client of each role: `hospital-1`, `pharmacy-1`, `patient-1`, `regulator-1`, `agency-1`. */
    async registerEveryRole(): Promise<void> {
      const clients = await Promise.all(
        everyRole.map(async (client) => ({ ...client, jwks: { keys: [await newKey(keys, client.clientId)] } })),
      );
      const answer = await this.send('POST', '/v1/import/clients', { as: 'authority', body: { clients } });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Send = {
  as?: string;
  body?: unknown;
  raw?: string | Uint8Array<ArrayBuffer>;
  key?: string | null;
  headers?: Record<string, string>;
};

const everyRole = [
  { clientId: 'hospital-1', role: 'HOSPITAL', institutionId: 'H42010200001', name: '医院' },
  { clientId: 'pharmacy-1', role: 'PHARMACY', institutionId: 'P42010200001', name: '药店' },
  { clientId: 'patient-1', role: 'PATIENT', name: '应用' },
  { clientId: 'regulator-1', role: 'REGULATOR', division: '420000', name: '监管' },
  { clientId: 'agency-1', role: 'AGENCY', division: '420100', name: '经办' },
];

/** A new ES256 key of a client, kept for its tokens; gives the public part. */
export async function newKey(keys: Map<string, JWK>, clientId: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: `${clientId}-key`, alg: 'ES256', use: 'sig' };
  keys.set(clientId, jwk);
  const { d: _private, ...publicJwk } = jwk;
  return publicJwk;
}

function authorityKey(): JWK {
  return JSON.parse(readFileSync(join(engines().secrets, 'authority.private.jwk.json'), 'utf8'));
}

/** Settings with the address of each fake. */
async function startFakes(stack: AsyncDisposableStack, fakes: Fakes, asked: Asked[]): Promise<Record<string, string>> {
  const ask = (method: string) => (request: unknown, call: Call) => {
    asked.push({ method, request: request as Record<string, unknown>, call });
    const fake = fakes[method];
    return fake === undefined ? defaultAnswer(method) : fake(request as never, call);
  };
  const served = (definition: { methods: Record<string, { responseStream: boolean }> }) => {
    const handlers = Object.entries(definition.methods).map(([name, method]) => [
      name,
      method.responseStream
        ? {
            operation: 'internal',
            stream: (request: unknown, call: Call, signal: AbortSignal) =>
              (fakes[name] as unknown as (...all: unknown[]) => AsyncIterable<unknown>)(request, call, signal),
          }
        : { operation: 'internal', handle: async (request: unknown, call: Call) => ask(name)(request, call) },
    ]);
    return serve(definition as never, Object.fromEntries(handlers) as never);
  };
  const addresses: Record<string, string> = {};
  for (const [service, definitions] of Object.entries(contracts)) {
    const server = await startServer({
      listen: '127.0.0.1:0',
      tlsDir: engines().tls,
      service,
      clock: createClock(),
      contracts: [...definitions, SystemServiceDefinition].map(served),
      recordRefusals: async () => {},
      log: createLogger('fakes', 'silent'),
    });
    addresses[`ERX_${service.toUpperCase()}_URL`] = `127.0.0.1:${stack.use(server).port}`;
  }
  return addresses;
}

function defaultAnswer(method: string): Refused | object {
  return method === 'getRequest' ? { state: 'NONE', operation: '', answer: new Uint8Array() } : refuse('NOT_FOUND');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
