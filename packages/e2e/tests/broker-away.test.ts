import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engines, startEngines } from '@erx/hub';
import { appendToOutbox, dispatch, messagingMigrations, outgoing, startConsumer, startRelay } from '@erx/messaging';
import { type Database, inTransaction, migrate, openDatabase } from '@erx/postgres';
import { createLogger } from '@erx/telemetry';
import { eventually } from '@erx/testkit';

const log = createLogger('test', 'silent');
/** Longer than every time-out of the client, and than the broker's own patience with itself. */
const DEAF_MS = 20_000;

describe('the broker goes away', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'erx-broker-'));
  let engines: Engines & AsyncDisposable;
  let writer: Database;
  let reader: Database;
  const stack = new AsyncDisposableStack();
  const seen: string[] = [];
  let written = 0;

  before(async () => {
    engines = await startEngines(dataDir);
    writer = openDatabase(engines.databases.dispensing, 3, 'writer');
    reader = openDatabase(engines.databases.issuing, 3, 'reader');
    for (const database of [writer, reader]) await migrate(database, [messagingMigrations]);
    stack.use(startRelay({ database: writer, brokers: engines.brokers, service: 'dispensing', log }));
    stack.use(
      await startConsumer({
        name: 'issuing',
        database: reader,
        brokers: engines.brokers,
        topics: ['erx.dispensing.prescription.v1'],
        log,
        apply: dispatch({
          'erx.dispensing.v1.HistoryViewed': async (_tx, { payload }) => void seen.push(payload.lockId),
        }),
      }),
    );
    await write(1);
    await eventually(async () => seen.length === 1, 60_000);
  });
  after(async () => {
    await stack.disposeAsync();
    await Promise.all([writer?.close(), reader?.close()]);
    await engines?.[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function write(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const event = outgoing(
        'erx.dispensing.v1.HistoryViewed',
        { context: undefined, prescriptionId: 'k', lockId: String(written), pharmacistId: 'p' },
        { source: 'dispensing', key: 'k', at: new Date(0) },
      );
      await inTransaction(writer, (tx) => appendToOutbox(tx, [event]));
      written += 1;
    }
  }

  async function everythingArrives(): Promise<void> {
    await eventually(async () => seen.length >= written, 90_000);
    assert.deepEqual(
      seen,
      Array.from({ length: written }, (_, n) => String(n)),
    );
    const [waiting] = await writer.sql`select count(*)::int as n from outbox where published_at is null`;
    assert.equal(waiting?.['n'], 0);
  }

  test('GJ-6b a broker that is killed and comes back: every event once, in order', async () => {
    const { kafka } = engines.processes();
    assert.ok(kafka !== undefined);
    process.kill(kafka, 'SIGKILL');
    await write(50);
    await everythingArrives();
  });

  test('GJ-6b a broker that is deaf for a while: what was written meanwhile arrives once, in order', async () => {
    const { kafka } = engines.processes();
    assert.ok(kafka !== undefined);
    process.kill(kafka, 'SIGSTOP');
    await write(50);
    await sleep(DEAF_MS);
    process.kill(kafka, 'SIGCONT');
    await write(50);
    await everythingArrives();
  });
});
