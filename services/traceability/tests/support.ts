import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox, messagingMigrations, type OutgoingEvent, outgoing, startRelay } from '@erx/messaging';
import { type Database, inTransaction, migrate, openDatabase } from '@erx/postgres';
import type { HandedOver, SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import { Drug, Institution } from '@erx/proto/registry/v1/registry_events';
import { type EventPayload, type EventType, events } from '@erx/proto/topics';
import { type DeliveryNote, TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import { ReferenceStore } from '@erx/reference';
import { actorOf, type CallContext, connect } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, fixedClock, freshDatabase, freshNamespace } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { AT, D1, D3, P1, P3 } from '../src/domain/trace-code.fixture.ts';
import { traceabilityBooks } from '../src/queries/books.ts';
import { startTraceability } from '../src/service.ts';

export const prescriptionId = '00000000-0000-7000-8000-00000000000a';
const till = actorOf({ clientId: 'p1', role: 'PHARMACY', institutionId: P1, operator: 'till-1' });
export const caller: CallContext = { actor: till };
export const pharmacy = (institutionId: string): CallContext => ({
  actor: actorOf({ clientId: `c-${institutionId}`, role: 'PHARMACY', institutionId }),
});
export const regulator: CallContext = {
  actor: actorOf({ clientId: 'reg', role: 'REGULATOR', division: '420000' }),
};

/** The authority's own call; every key is a new request, and its hash stands for the body. */
export function authority(key: string, hash = key): CallContext {
  const actor = actorOf({ clientId: 'authority-1', role: 'AUTHORITY', division: '100000' });
  return { actor, request: { clientId: actor.clientId, key, hash } };
}

let keys = 0;
/** A pharmacy's own write, each with a key of its own unless one is given. */
export function bookedBy(institutionId: string, key = `k${++keys}`, hash = key): CallContext {
  const { actor } = pharmacy(institutionId);
  return { actor: { ...actor, operator: 'clerk-1' }, request: { clientId: actor.clientId, key, hash } };
}

/** A service of its own on the real engines: gateway and dispensing as clients, dispensing's topic to write to. */
export async function startTestTraceability() {
  const env = {
    ERX_DATABASE_URL: await freshDatabase('traceability'),
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: '127.0.0.1:1',
    ERX_LOG_LEVEL: 'silent',
  };
  await using stack = new AsyncDisposableStack();
  const clock = fixedClock(AT.toISOString());
  const service = stack.use(await startTraceability(readConfig(env), { clock, reference: fixtureReference() }));
  const as = (name: string) =>
    stack.use(connect(TraceabilityServiceDefinition, `127.0.0.1:${service.port}`, env.ERX_TLS_DIR, name));
  const [gateway, dispensing] = [as('gateway'), as('dispensing')];
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const writer = await openWriter(stack, env.ERX_KAFKA_BROKERS.split(','));
  const owned = stack.move();
  return {
    gateway,
    dispensing,
    clock,
    database,
    /** Publishes a fact of dispensing; gives it as it was sent. */
    async tell<T extends EventType>(type: T, payload: EventPayload<T>): Promise<OutgoingEvent> {
      const territory = ['420106', '420502'];
      const event = outgoing(type, payload, { source: 'dispensing', key: 'test', at: new Date(), territory });
      await inTransaction(writer, (tx) => appendToOutbox(tx, [event]));
      return event;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type TestTraceability = Awaited<ReturnType<typeof startTestTraceability>>;

async function openWriter(stack: AsyncDisposableStack, brokers: string[]): Promise<Database> {
  const database = stack.adopt(openDatabase(await freshDatabase('dispensing'), 2, 'test'), (it) => it.close());
  await migrate(database, [messagingMigrations]);
  stack.use(startRelay({ database, brokers, service: 'dispensing', log: createLogger('test', 'silent') }));
  return database;
}

function fixtureReference(): ReferenceStore {
  const store = new ReferenceStore();
  const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };
  const one = { context: undefined, revision: 1n };
  const nothing = new Uint8Array();
  for (const [institutionId, division] of [
    [P1, '420106'],
    [P3, '420502'],
  ] as const) {
    store.apply('erx.registry.v1.InstitutionPublished', {
      ...one,
      institution: { ...Institution.decode(nothing), institutionId, kind: 'PHARMACY', division },
    });
  }
  for (const [drugCode, prefix] of [
    [D1, '8100001'],
    [D3, '8100003'],
  ] as const) {
    store.apply('erx.registry.v1.DrugPublished', {
      ...one,
      drug: { ...Drug.decode(nothing), drugCode, tracePrefixes: [prefix] },
    });
  }
  const versions = [{ version: 1, effective: open, values: Buffer.from('{}') }];
  store.apply('erx.registry.v1.ProfilePublished', { ...one, code: 'national', division: '100000', versions });
  return store;
}

export function note(noteId: string, traceCodes: string[], change: Partial<DeliveryNote> = {}): DeliveryNote {
  return {
    noteId,
    holderId: P1,
    drugCode: D1,
    batchNo: 'B1',
    expiresOn: '2027-12-31',
    traceCodes,
    parents: {},
    ...change,
  };
}

export function answered<T extends object>(outcome: T | Refused): T {
  assert.ok(!isRefused(outcome), String(shown(outcome)));
  return outcome;
}

/** The books' view of this service: chains and stock that do not fit their packages. */
export async function unsound({ database }: TestTraceability): Promise<string[]> {
  const { brokenChains, wrongStock } = await traceabilityBooks(database.sql);
  return [...brokenChains, ...wrongStock];
}

/** `CODE field` of every refusal, or the answer itself. */
export function shown(outcome: object): unknown {
  if (!isRefused(outcome)) return outcome;
  return outcome.refused.map(({ code, field }) => [code, field].filter(Boolean).join(' '));
}

/** What dispensing publishes when a sale of P1 is completed, and when its packs are handed over. */
export const completed = (saleId: string, traceCodes: string[]): SaleCompleted => ({
  context: saleContext,
  prescriptionId,
  saleId,
  pharmacyId: P1,
  personId: randomUUID(),
  settlementId: randomUUID(),
  lines: [{ lineNo: 1, drugCode: D1, quantity: 10_000n, unitPrice: 1n, traceCodes }],
  amounts: undefined,
  usedUp: true,
});
export const handedOver = (saleId: string): HandedOver => ({
  context: saleContext,
  prescriptionId,
  saleId,
  pharmacyId: P1,
  recipientPersonId: randomUUID(),
  signatureSealed: new Uint8Array(),
  listSm3: '',
  agentRelation: '',
});

/** This service's events, oldest first. */
export async function eventsOf({ database }: TestTraceability, key: string) {
  const rows = await database.sql<{ type: EventType; payload: Uint8Array; headers: string }[]>`
    select type, payload, headers from outbox where key = ${key} order by seq`;
  return rows.map(({ type, payload, headers }) => ({
    type: type.split('.').at(-1),
    headers: JSON.parse(headers) as Record<string, string>,
    payload: { ...events[type].codec.decode(payload) } as Record<string, unknown>,
  }));
}

export const saleContext = {
  actor: till,
  judgement: { businessTime: AT, machineTime: AT, profileVersion: '100000@1', listVersions: [] },
};
