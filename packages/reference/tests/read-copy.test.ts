import assert from 'node:assert/strict';
import test from 'node:test';
import { appendToOutbox, messagingMigrations, outgoing, startRelay } from '@erx/messaging';
import { inTransaction, migrate, openDatabase } from '@erx/postgres';
import { DrugPublished } from '@erx/proto/registry/v1/registry_events';
import { openReference } from '@erx/reference';
import { createLogger } from '@erx/telemetry';
import { eventually, freshDatabase, freshNamespace } from '@erx/testkit';

const log = createLogger('test', 'silent');

test('GJ-6b a service that starts empty has the same copy as one that never stopped, and each copy tells its age', async (t) => {
  const brokers = await freshNamespace();
  const database = openDatabase(await freshDatabase('reference'), 4, 'reference');
  t.after(() => database.close());
  await migrate(database, [messagingMigrations]);
  await using _relay = startRelay({ database, brokers, service: 'registry', log });
  const publish = async (drugCode: string, revision: bigint) => {
    const event = DrugPublished.fromPartial({ drug: { drugCode, genericName: `${drugCode} ${revision}` }, revision });
    const address = { source: 'registry', key: drugCode, at: new Date(0) };
    await inTransaction(database, (tx) =>
      appendToOutbox(tx, [outgoing('erx.registry.v1.DrugPublished', event, address)]),
    );
  };
  const open = (service: string) => openReference({ database, brokers, service, log });
  const nameOf = (reference: Awaited<ReturnType<typeof open>>, code: string) => reference.drug(code)?.genericName;

  await publish('A', 1n);
  await using lasting = await open('dispensing');
  await publish('B', 1n);
  await publish('A', 2n);
  await publish('A', 3n);
  // What a relay publishes twice, and late, takes nothing back.
  await publish('A', 2n);
  await publish('C', 1n);
  await eventually(async () => nameOf(lasting, 'C'));
  await using fresh = await open('settlement');
  assert.equal(nameOf(fresh, 'A'), 'A 3');
  assert.deepEqual(fresh.contents(), lasting.contents());
  assert.equal(fresh.contents().entries, 3);

  const copies = await eventually(async () => {
    const rows = await database.sql<{ hash: string; age: number | null }[]>`
      select hash, extract(epoch from now() - current_at)::float8 as age from read_copy`;
    const { hash } = lasting.contents();
    const agree = rows.length === 2 && rows.every((row) => row.hash === hash && row.age !== null);
    return agree ? rows : undefined;
  });
  for (const { age } of copies) assert.ok(age !== null && age < 15, `${age} s`);
});
