import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox, messagingMigrations, type OutgoingEvent, outgoing, startRelay } from '@erx/messaging';
import { type Database, inTransaction, migrate, openDatabase } from '@erx/postgres';
import { type Basis, SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { type EventPayload, type EventType, events } from '@erx/proto/topics';
import { actorOf, connect } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, fixedClock, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { AT, fixtureReference, insurance, P1 } from '../src/domain/basis.fixture.ts';
import { startSettlement } from '../src/service.ts';

const till = actorOf({ clientId: 'p1', role: 'PHARMACY', institutionId: P1.institutionId, operator: 'till-1' });
export const caller = { actor: till };

/** A settlement service of its own on the real engines, with dispensing as its client and writer of its topic. */
export async function startTestSettlement() {
  const env = {
    ERX_DATABASE_URL: await freshDatabase('settlement'),
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: '127.0.0.1:1',
    ERX_QUOTE_KEY_FILE: secretFile('quote.key'),
    ERX_LOG_LEVEL: 'silent',
  };
  await using stack = new AsyncDisposableStack();
  const clock = fixedClock(AT.toISOString());
  const reference = fixtureReference();
  const service = stack.use(await startSettlement(readConfig(env), { clock, reference }));
  const client = stack.use(
    connect(SettlementServiceDefinition, `127.0.0.1:${service.port}`, env.ERX_TLS_DIR, 'dispensing'),
  );
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const dispensing = await openWriter(stack, env.ERX_KAFKA_BROKERS.split(','));
  const owned = stack.move();
  return {
    client,
    clock,
    database,
    reference,
    /** Publishes a fact of dispensing; gives it as it was sent. */
    async tell<T extends EventType>(type: T, payload: EventPayload<T>): Promise<OutgoingEvent> {
      const event = outgoing(type, payload, {
        source: 'dispensing',
        key: 'test',
        at: new Date(),
        territory: ['420106'],
      });
      await inTransaction(dispensing, (tx) => appendToOutbox(tx, [event]));
      return event;
    },
    /** Sells for what was just quoted. */
    async sell(basis: Basis, saleId = randomUUID()) {
      const { quoteToken } = answered(await client.quote({ basis }, caller));
      return { saleId, ...answered(await client.settle({ saleId, basis, quoteToken }, caller)) };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type TestSettlement = Awaited<ReturnType<typeof startTestSettlement>>;

async function openWriter(stack: AsyncDisposableStack, brokers: string[]): Promise<Database> {
  const url = await freshDatabase('dispensing');
  const database = stack.adopt(openDatabase(url, 2, 'test'), (it) => it.close());
  await migrate(database, [messagingMigrations]);
  stack.use(startRelay({ database, brokers, service: 'dispensing', log: createLogger('test', 'silent') }));
  return database;
}

let people = 1;

/** A person with nothing used this year. */
export function somebody(change: Parameters<typeof insurance>[0] = {}) {
  people += 1;
  return insurance({ personId: `00000000-0000-4000-8000-${String(people).padStart(12, '0')}`, ...change });
}

export function answered<T extends object>(outcome: T | Refused): T {
  assert.ok(!isRefused(outcome), String(shown(outcome)));
  return outcome;
}

/** `CODE problem` of every refusal, or the answer itself. */
export function shown(outcome: object): unknown {
  if (!isRefused(outcome)) return outcome;
  return outcome.refused.map(({ code, detail }) => [code, detail?.['problem']].filter(Boolean).join(' '));
}

/** Payloads of this service's events about a sale, oldest first. */
export async function eventsOf({ database }: TestSettlement, saleId: string) {
  const rows = await database.sql<{ type: EventType; payload: Uint8Array; headers: string; key: string }[]>`
    select type, payload, headers, key from outbox order by seq`;
  return rows
    .map(({ type, payload, headers, key }) => ({
      type: type.split('.').at(-1),
      key,
      headers: JSON.parse(headers) as Record<string, string>,
      payload: events[type].codec.decode(payload),
    }))
    .filter(({ payload }) => 'saleId' in payload && payload.saleId === saleId);
}

export const saleContext = {
  actor: till,
  judgement: { businessTime: AT, machineTime: AT, profileVersion: '100000@1', listVersions: [] },
};
