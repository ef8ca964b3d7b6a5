import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@erx/postgres';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import type { Person } from '@erx/proto/registry/v1/registry_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import type { Lookups } from '@erx/reference';
import { actorOf, type CallContext, connect, createClock, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, fixedClock, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { HOSPITAL, now, PHARMACY, reference } from '../src/domain/world.fixture.ts';
import { startVerification } from '../src/service.ts';

/** Stands for registry on a real port: keeps what it was given. `away()` makes it unreachable. */
async function startRegistryStandIn() {
  const ids = new Map<string, string>();
  const persons = new Map<string, Person>();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const idOf = (hash: Uint8Array) => {
    const id = ids.get(hex(hash)) ?? randomUUID();
    ids.set(hex(hash), id);
    return id;
  };
  const contract = serve(RegistryServiceDefinition, {
    importReference: { operation: 'internal', handle: async () => ({ changed: 0, unchanged: 0 }) },
    allotPersons: {
      operation: 'internal',
      handle: async ({ identityHashes }) => ({ personIds: identityHashes.map(idOf) }),
    },
    importPersons: {
      operation: 'internal',
      handle: async (request) => {
        const changed = request.persons.filter(
          ({ personId, contentHash }) =>
            hex(persons.get(personId)?.contentHash ?? new Uint8Array()) !== hex(contentHash),
        );
        for (const person of changed) persons.set(person.personId, person);
        return { changed: changed.length, unchanged: request.persons.length - changed.length };
      },
    },
    findPerson: {
      operation: 'internal',
      handle: async ({ identityHash }) => ({ person: persons.get(ids.get(hex(identityHash)) ?? '') }),
    },
    getEntitlement: {
      operation: 'internal',
      handle: async ({ personId }) => {
        const { insurances = [], agentPurchaseDisabled } = persons.get(personId) ?? {};
        return { insurances, filings: [], agentPurchaseDisabled };
      },
    },
    getClock: { operation: 'internal', handle: async () => ({ version: 0n, offsetMs: 0n }) },
    setClock: { operation: 'internal', handle: async () => ({ version: 0n, offsetMs: 0n }) },
  });
  let port = 0;
  const listen = () =>
    startServer({
      listen: `127.0.0.1:${port}`,
      tlsDir: engines().tls,
      service: 'registry',
      clock: createClock(),
      contracts: [contract],
      recordRefusals: async () => {},
      log: createLogger('registry', 'silent'),
    });
  let server: Awaited<ReturnType<typeof listen>> | undefined = await listen();
  port = server.port;
  const away = async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  return {
    address: `127.0.0.1:${port}`,
    persons,
    ids,
    away,
    async back() {
      server = await listen();
    },
    [Symbol.asyncDispose]: away,
  };
}

/** Stands for issuing on a real port: answers until when a person's prescriptions are retained. */
async function startIssuingStandIn() {
  const retained = new Map<string, Date>();
  const never = {
    operation: 'internal',
    handle: () => Promise.reject(new Error('verification does not ask that')),
  } as const;
  const contract = serve(IssuingServiceDefinition, {
    precheck: never,
    upload: never,
    withdraw: never,
    endorse: never,
    getPrescription: never,
    getRetention: {
      operation: 'internal',
      handle: async ({ personId }) => ({ retainUntil: retained.get(personId) }),
    },
  });
  const server = await startServer({
    listen: '127.0.0.1:0',
    tlsDir: engines().tls,
    service: 'issuing',
    clock: createClock(),
    contracts: [contract],
    recordRefusals: async () => {},
    log: createLogger('issuing', 'silent'),
  });
  return {
    address: `127.0.0.1:${server.port}`,
    retained,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Verification on the real engines, with clients as the gateway, dispensing and issuing. */
export async function startTestVerification(overrides: { reference: Lookups } = { reference }) {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistryStandIn());
  const prescriptions = stack.use(await startIssuingStandIn());
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'erx-verification-')), (it) => rmSync(it, { recursive: true }));
  // Its own: hub keys are replaced here, and other tests go on with theirs.
  const wrapKeyFile = join(folder, 'person-wrap.key');
  copyFileSync(secretFile('person-wrap.key'), wrapKeyFile);
  const env = {
    ERX_DATABASE_URL: await freshDatabase('verification'),
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: registry.address,
    ERX_ISSUING_URL: prescriptions.address,
    ERX_ERASURES_FILE: join(folder, 'erasures.txt'),
    ERX_PERSON_WRAP_KEY_FILE: wrapKeyFile,
    ERX_PERSON_LOOKUP_KEY_FILE: secretFile('person-lookup.key'),
    ERX_LOG_LEVEL: 'silent',
  };
  const clock = fixedClock(now.toISOString());
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const owned = stack.move();
  const start = async () => owned.use(await startVerification(readConfig(env), { clock, ...overrides }));
  const service = await start();
  const as = (name: string, { port } = service) =>
    owned.use(connect(VerificationServiceDefinition, `127.0.0.1:${port}`, env.ERX_TLS_DIR, name));
  const gateway = as('gateway');
  const dispensing = as('dispensing');
  const issuing = as('issuing');
  return {
    clock,
    database,
    registry,
    /** Until when issuing retains what it has of a person. */
    retained: prescriptions.retained,
    gateway,
    dispensing,
    issuing,
    /** One more process of the service; gives the gateway that asks it. */
    startAnother: async () => as('gateway', await start()),
    wrapKeyFile,
    /** Types of events in the outbox, in their order. */
    async eventTypes(): Promise<string[]> {
      const rows = await database.sql<{ type: string }[]>`select type from outbox order by seq`;
      return rows.map(({ type }) => type.split('.').at(-1) ?? '');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Options = { key?: string; hash?: string };

function contextOf(actor: Parameters<typeof actorOf>[0], { key = randomUUID(), hash = key }: Options): CallContext {
  const whole = actorOf(actor);
  return { actor: whole, request: { clientId: whole.clientId, key, hash } };
}

/** Each call is a new request unless it names a key; the hash stands for the body. */
export const authorityCall = (options: Options = {}) =>
  contextOf({ clientId: 'authority-1', role: 'AUTHORITY', division: '100000' }, options);
export const hospitalCall = (options: Options = {}) =>
  contextOf({ clientId: 'hospital-1', role: 'HOSPITAL', institutionId: HOSPITAL }, options);
export const pharmacyCall = (options: Options = {}) =>
  contextOf({ clientId: 'pharmacy-1', role: 'PHARMACY', institutionId: PHARMACY, operator: 'till-1' }, options);
export const patientCall = (options: Options = {}) => contextOf({ clientId: 'patient-app', role: 'PATIENT' }, options);

/** The answer; throws when it was refused. */
export function given<T extends object>(outcome: T): Exclude<T, { refused: unknown }> {
  if ('refused' in outcome) throw new Error(`refused: ${JSON.stringify(outcome.refused)}`);
  return outcome as Exclude<T, { refused: unknown }>;
}

/** Searches every row of every table for texts, as they are and as bytes. */
export async function assertNowhere({ sql }: Database, secrets: readonly string[]): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  assert.ok(tables.length > 5);
  for (const { name } of tables) {
    const text = JSON.stringify(await sql.unsafe(`select ${name}::text as row from ${name}`));
    for (const secret of secrets) {
      const found = text.includes(secret) || text.includes(Buffer.from(secret).toString('hex'));
      assert.equal(found, false, `${name} holds personal data`);
    }
  }
}
