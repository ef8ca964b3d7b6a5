import { refuse } from '@erx/errors';
import {
  appendToOutbox,
  messagingMigrations,
  type OutgoingEvent,
  outgoing,
  rewindConsumer,
  startRelay,
} from '@erx/messaging';
import { inTransaction, migrate, openDatabase } from '@erx/postgres';
import {
  AuditServiceDefinition,
  type Entry,
  type Filter,
  type FollowEntriesRequest,
  type ReadEntriesRequest,
} from '@erx/proto/audit/v1/audit_service';
import { SubscriptionServiceDefinition } from '@erx/proto/audit/v1/subscription_service';
import { type GetGrantRequest, VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { actorOf, type CallContext, connect, createClock, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, eventually, freshDatabase, freshFolder, freshNamespace, secretFile } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { startAudit } from '../src/service.ts';

/** An audit of its own on the real engines, and a service beside it that publishes whatever it is told. */
export async function startTestAudit(
  more: Record<string, string> = {},
  overrides: Parameters<typeof startAudit>[1] = {},
) {
  await using stack = new AsyncDisposableStack();
  const brokers = await freshNamespace();
  const grants = new Map<string, string>();
  const verification = stack.use(await startGrants(grants));
  const env = {
    ERX_DATABASE_URL: await freshDatabase('audit'),
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_KAFKA_BROKERS: brokers.join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: 'not used outside the sandbox',
    ERX_VERIFICATION_URL: `127.0.0.1:${verification.port}`,
    ERX_LOG_KEY_FILE: secretFile('log.keys'),
    ERX_LOG_DIR: freshFolder('audit-log'),
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] ?? 'silent',
    ERX_WEBHOOK_KEY_FILE: secretFile('webhook.key'),
    ...more,
  };
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const writer = stack.adopt(openDatabase(await freshDatabase('writer'), 4, 'test'), (it) => it.close());
  await migrate(writer, [messagingMigrations]);
  stack.use(startRelay({ database: writer, brokers, service: 'writer', log: createLogger('writer', 'silent') }));
  const start = async () => {
    const service = await startAudit(readConfig(env), overrides);
    return {
      subscriptions: connect(SubscriptionServiceDefinition, `127.0.0.1:${service.port}`, env.ERX_TLS_DIR, 'gateway'),
      client: connect(AuditServiceDefinition, `127.0.0.1:${service.port}`, env.ERX_TLS_DIR, 'gateway'),
      service,
      async [Symbol.asyncDispose]() {
        await this.service[Symbol.asyncDispose]();
        await this.client[Symbol.asyncDispose]();
        await this.subscriptions[Symbol.asyncDispose]();
      },
    };
  };
  let running = await start();
  stack.defer(() => running[Symbol.asyncDispose]());
  const owned = stack.move();
  const count = async (): Promise<number> => {
    const [row] = await database.sql<{ n: number }[]>`select count(*)::int as n from entry`;
    return row?.n ?? 0;
  };
  return {
    env,
    database,
    writer,
    /** Living grants of patients' apps: grant → person. */
    grants,
    get client() {
      return running.client;
    },
    get subscriptions() {
      return running.subscriptions;
    },
    publish: (events: readonly OutgoingEvent[]) => inTransaction(writer, (tx) => appendToOutbox(tx, events)),
    /** A further process of the same service. */
    another: start,
    stop: () => running[Symbol.asyncDispose](),
    async start() {
      running = await start();
    },
    rewind: () => rewindConsumer(brokers, 'audit'),
    recorded: (events: number) => eventually(async () => (await count()) >= events, 60_000),
    /** Everything that a regulator of the division reads, page by page. */
    async readAll(division: string): Promise<Entry[]> {
      const all: Entry[] = [];
      for (;;) {
        const page = await running.client.readEntries(pages(all.at(-1)?.number ?? 0n, 500), regulator(division));
        if ('refused' in page) throw new Error('the page was refused');
        if (page.entries.length === 0) return all;
        all.push(...page.entries);
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Verification, as far as audit asks it. */
function startGrants(grants: ReadonlyMap<string, string>) {
  const handlers = Object.keys(VerificationServiceDefinition.methods).map((name) => [
    name,
    {
      operation: 'internal',
      handle: async ({ grantId, purpose }: GetGrantRequest) => {
        const personId = name === 'getGrant' && purpose === 'PATIENT_ACCESS' ? grants.get(grantId) : undefined;
        return personId === undefined ? refuse('GRANT_INVALID', undefined, '/grantId') : { personId };
      },
    },
  ]);
  return startServer({
    listen: '127.0.0.1:0',
    tlsDir: engines().tls,
    service: 'verification',
    clock: createClock(),
    contracts: [serve(VerificationServiceDefinition, Object.fromEntries(handlers))],
    recordRefusals: async () => {},
    log: createLogger('grants', 'silent'),
  });
}
/** A request for a page. */
export const pages = (after: bigint, limit: number, filter?: Partial<Filter>, since?: Date): ReadEntriesRequest => ({
  after,
  limit,
  since,
  filter: filter === undefined ? undefined : { types: [], place: '', ...filter },
});

/** A request for a stream. */
export const from = (after: bigint, filter?: Partial<Filter>, withCheckpoints = false): FollowEntriesRequest => ({
  after,
  since: undefined,
  withCheckpoints,
  filter: filter === undefined ? undefined : { types: [], place: '', ...filter },
});

export function regulator(division: string): CallContext {
  return { actor: actorOf({ clientId: `regulator-${division}`, role: 'REGULATOR', division }) };
}

export function agency(division: string): CallContext {
  return { actor: actorOf({ clientId: `agency-${division}`, role: 'AGENCY', division }) };
}

/** An event of one prescription; `text` makes it distinguishable. */
export function viewed(prescriptionId: string, text: string, territory: readonly string[] = []): OutgoingEvent {
  return outgoing(
    'erx.dispensing.v1.HistoryViewed',
    { context: undefined, prescriptionId, lockId: text, pharmacistId: 'p' },
    { source: 'dispensing', key: prescriptionId, at: new Date(0), territory },
  );
}

/** A delivery note with so many packages: about 22 bytes each. */
export function received(noteId: string, packages: number, territory: readonly string[] = []): OutgoingEvent {
  const traceCodes = Array.from({ length: packages }, (_, n) => `8100001${String(n).padStart(13, '0')}`);
  return outgoing(
    'erx.traceability.v1.StockReceived',
    {
      context: undefined,
      noteId,
      holderId: 'P1',
      drugCode: 'd',
      batchNo: 'b',
      expiresOn: '2030-01-01',
      traceCodes,
      origin: 'IMPORT',
    },
    { source: 'traceability', key: noteId, at: new Date(0), territory },
  );
}
