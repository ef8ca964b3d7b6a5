import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { refuse } from '@erx/errors';
import { messagingMigrations } from '@erx/messaging';
import { type Database, migrate, openDatabase } from '@erx/postgres';
import { RequestRefused } from '@erx/proto/access/v1/access_events';
import { SystemServiceDefinition } from '@erx/proto/common/v1/system_service';
import { actorOf, type Client, connect, createClock, recordRefusals, serve, startServer } from '@erx/rpc';
import { createLogger, metrics } from '@erx/telemetry';
import { engines, freshDatabase } from '@erx/testkit';

const BURST = 300;
const stack = new AsyncDisposableStack();
const start = Date.parse('2026-11-26T08:00:00Z');
let machine = new Date(start);
let database: Database;
let client: Client<SystemServiceDefinition>;

before(async () => {
  database = stack.adopt(openDatabase(await freshDatabase('rpc'), 4, 'rpc'), (it) => it.close());
  await migrate(database, [messagingMigrations]);
  const server = stack.use(
    await startServer({
      listen: '127.0.0.1:0',
      tlsDir: engines().tls,
      service: 'registry',
      clock: createClock(() => machine),
      recordRefusals: recordRefusals(database, 'registry', () => ['420106']),
      log: createLogger('test', 'silent'),
      contracts: [
        serve(SystemServiceDefinition, {
          applyClock: { operation: 'internal', handle: async () => ({ businessTime: undefined }) },
          getRequest: { operation: 'request.read', handle: async () => refuse('SETTLE_QUOTE_STALE') },
        }),
      ],
    }),
  );
  client = stack.use(
    connect(SystemServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, 'gateway', 'registry'),
  );
});
after(() => stack.disposeAsync());

/** So many refused requests; gives how many of them the client was told of. */
async function ask(clientId: string, times: number): Promise<number> {
  const actor = actorOf({ clientId, role: 'PHARMACY', institutionId: 'P42010600001' });
  let refused = 0;
  for (let left = times; left > 0; left -= 50) {
    const some = Array.from({ length: Math.min(left, 50) }, () => client.getRequest({ key: 'k' }, { actor }));
    refused += (await Promise.all(some)).filter((answer) => 'refused' in answer).length;
  }
  return refused;
}

/** What stands on record of a client: for each refusal how many before it do not. */
async function recorded(clientId: string): Promise<number[]> {
  const rows = await database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where key = ${clientId} order by seq`;
  return rows.map(({ payload }) => Number(RequestRefused.decode(payload).unrecordedBefore));
}

const counted = async () => (await metrics.refusalsUnrecorded.get()).values[0]?.value ?? 0;

test('GJ-6e a client that is refused without end cannot fill the log: it is refused, counted, and the next entry tells', async () => {
  assert.equal(await ask('storm', BURST + 40), BURST + 40, 'all of them are refused');
  assert.deepEqual(await recorded('storm'), new Array(BURST).fill(0));
  assert.equal(await counted(), 40);

  machine = new Date(start + 1_000);
  await ask('storm', 1);
  await ask('storm', 6);
  assert.deepEqual((await recorded('storm')).slice(BURST), [40, 0, 0, 0, 0], 'five come back each second');
  machine = new Date(start + 1_200);
  await ask('storm', 1);
  assert.deepEqual((await recorded('storm')).slice(BURST + 5), [2]);
  assert.equal(await counted(), 42);
});

test('GJ-6e the bound is of one client: another one’s refusals are recorded meanwhile', async () => {
  await ask('loud', BURST + 1);
  await ask('quiet', 3);
  assert.deepEqual(await recorded('quiet'), [0, 0, 0]);
});

test('GJ-6e what could not be written is not forgotten, and time that goes backward gives nothing back', async () => {
  await ask('unlucky', BURST + 5);
  machine = new Date(machine.getTime() - 60_000);
  await ask('unlucky', 5);
  machine = new Date(machine.getTime() + 120_000);
  await database.sql`alter table outbox rename to away`;
  await assert.rejects(ask('unlucky', 1));
  await database.sql`alter table away rename to outbox`;
  await ask('unlucky', 1);
  assert.deepEqual((await recorded('unlucky')).slice(BURST), [10]);
});

test('a refusal whose request names a text with NUL is on record without that name', async () => {
  const call = {
    actor: actorOf({ clientId: 'nul', role: 'PHARMACY' }),
    caller: 'gateway',
    at: machine,
    machineAt: machine,
  };
  const record = recordRefusals(database, 'registry', () => ['420106']);
  await record('sale.read', { saleId: 'a\0b' }, call, refuse('SETTLE_QUOTE_STALE'));
  const [row] = await database.sql<{ payload: Uint8Array }[]>`select payload from outbox where key = 'nul'`;
  assert.equal(RequestRefused.decode(row?.payload ?? assert.fail()).subject, '');
});
