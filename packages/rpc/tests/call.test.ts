import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { refuse, UnavailableError } from '@erx/errors';
import { messagingMigrations } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { actorOf, type Call, connect, createClock, recordRefusals, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, freshDatabase } from '@erx/testkit';

const log = createLogger('test', 'silent');
const pharmacy = { actor: actorOf({ clientId: 'c1', role: 'PHARMACY', institutionId: 'P42010600001' }) };

async function stub(reverse: (saleId: string, call: Call) => Promise<{ outcome: string }>) {
  const database = openDatabase(await freshDatabase('rpc'), 2, 'rpc');
  await migrate(database, [messagingMigrations]);
  const clock = createClock();
  const server = await startServer({
    listen: '127.0.0.1:0',
    tlsDir: engines().tls,
    service: 'settlement',
    clock,
    recordRefusals: recordRefusals(database, 'settlement', () => ['420106']),
    log,
    contracts: [
      serve(SettlementServiceDefinition, {
        quote: {
          operation: 'sale.quote',
          handle: async () => refuse('SETTLE_QUOTE_STALE', { minutes: '16' }, '/quoteToken'),
        },
        settle: { operation: 'prescription.upload', handle: async () => ({ settlementId: 's', amounts: undefined }) },
        reverse: { operation: 'internal', handle: ({ saleId }, call) => reverse(saleId, call) },
      }),
    ],
  });
  return { server, database };
}

test('refusals travel as values with code, field and figures, and are recorded once', async () => {
  const { server, database } = await stub(async () => ({ outcome: '' }));
  await using client = connect(SettlementServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, 'gateway');
  assert.deepEqual(await client.quote({ basis: undefined }, pharmacy), {
    refused: [{ code: 'SETTLE_QUOTE_STALE', field: '/quoteToken', detail: { minutes: '16' } }],
  });
  const rows = await database.sql`select type, key from outbox`;
  assert.deepEqual(
    rows.map((row) => [row['type'], row['key']]),
    [['erx.access.v1.RequestRefused', 'c1']],
  );
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('GJ-6a a role without the right is refused ACCESS_SCOPE_DENIED by the service itself', async () => {
  const { server, database } = await stub(async () => ({ outcome: '' }));
  await using client = connect(SettlementServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, 'gateway');
  const outcome = await client.settle({ saleId: 's', basis: undefined, quoteToken: '' }, pharmacy);
  assert.equal('refused' in outcome && outcome.refused[0]?.code, 'ACCESS_SCOPE_DENIED');
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('a failing handler gives no inner detail away and an absent service is UnavailableError', async () => {
  const { server, database } = await stub(async () => {
    throw new Error('secret 110101199001011234');
  });
  await using client = connect(SettlementServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, 'dispensing');
  await assert.rejects(client.reverse({ saleId: 's', prescriptionId: 'p' }, pharmacy), (error: Error) => {
    return !error.message.includes('secret');
  });
  await server[Symbol.asyncDispose]();
  await assert.rejects(
    client.reverse({ saleId: 's', prescriptionId: 'p' }, { ...pharmacy, deadlineMs: 600 }),
    UnavailableError,
  );
  await database.close();
});

test('a caller without a certificate of the hub is not served', async () => {
  const { server, database } = await stub(async () => ({ outcome: '' }));
  const { credentials, Client } = (await import('@grpc/grpc-js')).default;
  const plain = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  await assert.rejects(
    new Promise((resolve, reject) =>
      plain.waitForReady(Date.now() + 700, (error) => (error ? reject(error) : resolve(undefined))),
    ),
  );
  plain.close();
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('the caller is who its certificate says, not who it says', async () => {
  const callers: string[] = [];
  const { server, database } = await stub(async (_saleId, call) => {
    callers.push(call.caller);
    return { outcome: '' };
  });
  await using honest = connect(SettlementServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, 'dispensing');
  await honest.reverse({ saleId: 's', prescriptionId: 'p' }, pharmacy);
  const { credentials, Client, Metadata } = (await import('@grpc/grpc-js')).default;
  const file = (name: string) => readFileSync(join(engines().tls, name));
  const liar = new Client(
    `127.0.0.1:${server.port}`,
    credentials.createSsl(file('ca.pem'), file('audit.key'), file('audit.pem')),
    { 'grpc.ssl_target_name_override': 'localhost' },
  );
  const metadata = new Metadata();
  metadata.set('erx-caller', 'gateway');
  const { reverse } = SettlementServiceDefinition.methods;
  await new Promise((resolve, reject) =>
    liar.makeUnaryRequest(
      `/${SettlementServiceDefinition.fullName}/${reverse.name}`,
      (message: Parameters<typeof reverse.requestType.encode>[0]) =>
        Buffer.from(reverse.requestType.encode(message).finish()),
      (bytes: Buffer) => reverse.responseType.decode(bytes),
      { saleId: 's', prescriptionId: 'p' },
      metadata,
      (error, answer) => (error ? reject(error) : resolve(answer)),
    ),
  );
  liar.close();
  assert.deepEqual(callers, ['dispensing', 'audit']);
  await server[Symbol.asyncDispose]();
  await database.close();
});
