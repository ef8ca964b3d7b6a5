import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import test from 'node:test';
import { messagingMigrations } from '@erx/messaging';
import { type Database, migrate, openDatabase } from '@erx/postgres';
import { startVitals } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { eventually, freshDatabase } from '@erx/testkit';

const log = createLogger('test', 'silent');

/** A database behind a door that can be shut, and the internal door of a service that has it. */
async function service() {
  const target = new URL(await freshDatabase('vitals'));
  const open = new Set<Socket>();
  const front: Server = createServer((socket) => {
    const back = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [socket, back],
      [back, socket],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      open.add(one);
    }
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as { port: number };
  const address = new URL(target);
  address.host = `127.0.0.1:${port}`;
  const database: Database = openDatabase(address.href, 3, 'probe');
  await migrate(database, [messagingMigrations]);
  const listen = `127.0.0.1:${await freePort()}`;
  const vitals = await startVitals({ listen, database, service: 'probe', log });
  const get = async (path: string) => {
    const response = await fetch(`http://${listen}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return {
    database,
    vitals,
    get,
    async shut() {
      front.close();
      for (const socket of open) socket.destroy();
      open.clear();
    },
    reopen: () => new Promise<void>((resolve) => front.listen(port, '127.0.0.1', resolve)),
    async [Symbol.asyncDispose]() {
      await vitals[Symbol.asyncDispose]();
      await database.close();
      front.close();
    },
  };
}

test('GJ-6b readiness falls when the database is away and returns by itself; liveness stays', async () => {
  await using probe = await service();
  const ready = async () => (await probe.get('/health/ready')).status;
  assert.equal(await ready(), 200);
  await probe.shut();
  await eventually(async () => (await ready()) === 503);
  assert.equal((await probe.get('/health/live')).status, 200);
  assert.match((await probe.get('/metrics')).text, /^erx_database_up\{service="probe"\} 0$/m);
  await probe.reopen();
  await eventually(async () => (await ready()) === 200);
  assert.match((await probe.get('/metrics')).text, /^erx_database_up\{service="probe"\} 1$/m);
});

test('metrics say what waits in the outbox and since when, what is parked, how old the copies are, how full the pool is', async () => {
  await using probe = await service();
  const { sql } = probe.database;
  await sql`
    insert into outbox (event_id, topic, key, type, headers, payload, created_at)
    select gen_random_uuid(), 't', 'k', 'y', '{}', '', now() - minutes * interval '1 minute' from unnest(array[1, 5]) as minutes`;
  await sql`
    insert into parked (consumer, topic, partition, "offset", headers, reason) values ('c', 't', 0, 7, '{}', 'r')`;
  await sql`
    insert into read_copy (instance, started_at, current_at, entries, hash)
    values (gen_random_uuid(), now() - interval '1 hour', now() - interval '40 seconds', 1, 'h')`;
  const { text } = await probe.get('/metrics');
  const value = (name: string): number =>
    Number(new RegExp(`^${name}\\{service="probe"\\} (.+)$`, 'm').exec(text)?.[1]);
  assert.equal(value('erx_outbox_waiting_events'), 2);
  assert.ok(value('erx_outbox_oldest_seconds') >= 300 && value('erx_outbox_oldest_seconds') < 600);
  assert.equal(value('erx_parked_events'), 1);
  assert.ok(value('erx_read_copy_age_seconds') >= 40 && value('erx_read_copy_age_seconds') < 300);
  assert.equal(value('erx_database_connections_max'), 3);
  assert.match(text, /^erx_database_connections\{service="probe",state="idle"\} [1-3]$/m);
});

test('the internal door shows three pages and takes nothing; a service that drains is not there', async () => {
  await using probe = await service();
  for (const path of ['/', '/metrics/x', '/__proto__', '/toString']) assert.equal((await probe.get(path)).status, 404);
  await probe.vitals[Symbol.asyncDispose]();
  await assert.rejects(probe.get('/health/ready'));
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
