import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { TLSSocket } from 'node:tls';
import { refuse, UnavailableError } from '@erx/errors';
import { messagingMigrations } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { ImportReferenceRequest, RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { actorOf, type Call, connect, createClock, recordRefusals, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, freshDatabase } from '@erx/testkit';

const log = createLogger('test', 'silent');
const pharmacy = { actor: actorOf({ clientId: 'c1', role: 'PHARMACY', institutionId: 'P42010600001' }) };

const unasked = { operation: 'internal', handle: async () => Promise.reject(new Error('not asked')) } as const;
const noClock = { version: 0n, offsetMs: 0n };

/** A service in the place of registry. */
async function registryWith(getClock: (call: Call) => Promise<typeof noClock>) {
  const database = openDatabase(await freshDatabase('rpc'), 2, 'rpc');
  await migrate(database, [messagingMigrations]);
  const server = await startServer({
    listen: '127.0.0.1:0',
    tlsDir: engines().tls,
    service: 'registry',
    clock: createClock(),
    recordRefusals: recordRefusals(database, 'registry', () => ['420106']),
    log,
    contracts: [
      serve(RegistryServiceDefinition, {
        importReference: {
          operation: 'sale.quote',
          handle: async () => refuse('SETTLE_QUOTE_STALE', { minutes: '16' }, '/quoteToken'),
        },
        setClock: { operation: 'clock.set', handle: async () => noClock },
        getClock: { operation: 'internal', handle: (_request, call) => getClock(call) },
        allotPersons: unasked,
        importPersons: unasked,
        findPerson: unasked,
        getEntitlement: unasked,
      }),
    ],
  });
  const as = (self: string) => connect(RegistryServiceDefinition, `127.0.0.1:${server.port}`, engines().tls, self);
  return { server, database, as };
}

test('a text with NUL is an ill-formed call, in a field as in the actor, and nothing is recorded', async () => {
  const failed = Object.assign(new Error('query failed'), { code: '22021' });
  const { server, database, as } = await registryWith(async () => Promise.reject(failed));
  await using client = as('gateway');
  await assert.rejects(client.getClock({}, pharmacy), /INVALID_ARGUMENT/);
  const unfit = { actor: { ...pharmacy.actor, role: '\0' } };
  await assert.rejects(client.importReference(ImportReferenceRequest.create(), unfit), /INVALID_ARGUMENT/);
  assert.deepEqual([...(await database.sql`select * from outbox`)], []);
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('refusals travel as values with code, field and figures, and are recorded once', async () => {
  const { server, database, as } = await registryWith(async () => noClock);
  await using client = as('gateway');
  assert.deepEqual(await client.importReference(ImportReferenceRequest.create(), pharmacy), {
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
  const { server, database, as } = await registryWith(async () => noClock);
  await using client = as('gateway');
  const outcome = await client.setClock({ now: undefined }, pharmacy);
  assert.equal('refused' in outcome && outcome.refused[0]?.code, 'ACCESS_SCOPE_DENIED');
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('a failing handler gives no inner detail away and an absent service is UnavailableError', async () => {
  const { server, database, as } = await registryWith(async () => {
    throw new Error('secret 110101199001011234');
  });
  await using client = as('dispensing');
  await assert.rejects(client.getClock({}, pharmacy), (error: Error) => {
    return !error.message.includes('secret');
  });
  await server[Symbol.asyncDispose]();
  await assert.rejects(client.getClock({}, { ...pharmacy, deadlineMs: 600 }), UnavailableError);
  await database.close();
});

test('a caller without a certificate of the hub is not served', async () => {
  const { server, database } = await registryWith(async () => noClock);
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
  const { server, database, as } = await registryWith(async (call) => {
    callers.push(call.caller);
    return noClock;
  });
  await using honest = as('dispensing');
  await honest.getClock({}, pharmacy);
  const { credentials, Client, Metadata } = (await import('@grpc/grpc-js')).default;
  const file = (name: string) => readFileSync(join(engines().tls, name));
  const liar = new Client(
    `127.0.0.1:${server.port}`,
    credentials.createSsl(file('ca.pem'), file('audit.key'), file('audit.pem')),
    { 'grpc.ssl_target_name_override': 'localhost' },
  );
  const metadata = new Metadata();
  metadata.set('erx-caller', 'gateway');
  const { getClock } = RegistryServiceDefinition.methods;
  await new Promise((resolve, reject) =>
    liar.makeUnaryRequest(
      `/${RegistryServiceDefinition.fullName}/${getClock.name}`,
      (message: Parameters<typeof getClock.requestType.encode>[0]) =>
        Buffer.from(getClock.requestType.encode(message).finish()),
      (bytes: Buffer) => getClock.responseType.decode(bytes),
      {},
      metadata,
      (error, answer) => (error ? reject(error) : resolve(answer)),
    ),
  );
  liar.close();
  assert.deepEqual(callers, ['dispensing', 'audit']);
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('GJ-6a a service that the table does not name for a method is refused, and the method does not run', async () => {
  const { server, database, as } = await registryWith(async () => noClock);
  for (const self of ['audit', 'dispensing', 'operator']) {
    await using client = as(self);
    await assert.rejects(client.allotPersons({ identityHashes: [] }, pharmacy), /PERMISSION_DENIED/, self);
    await assert.rejects(client.setClock({ now: undefined }, pharmacy), /PERMISSION_DENIED/, self);
  }
  await using verification = as('verification');
  await assert.rejects(verification.allotPersons({ identityHashes: [] }, pharmacy), /INTERNAL/);
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('GJ-6a a server with the certificate of another service is not given a request', async () => {
  const { server, database } = await registryWith(async () => noClock);
  const address = `127.0.0.1:${server.port}`;
  await using mistaken = connect(RegistryServiceDefinition, address, engines().tls, 'gateway', 'verification');
  await assert.rejects(mistaken.getClock({}, { ...pharmacy, deadlineMs: 1_000 }), UnavailableError);
  await server[Symbol.asyncDispose]();
  await database.close();
});

test('the certificate of a connection is read once, and each connection has its own name', async (t) => {
  const callers: string[] = [];
  const { server, database, as } = await registryWith(async ({ caller }) => {
    callers.push(caller);
    return noClock;
  });
  const read = t.mock.method(TLSSocket.prototype, 'getPeerCertificate');
  await using dispensing = as('dispensing');
  await using audit = as('audit');
  const askBoth = async () => {
    await dispensing.getClock({}, pharmacy);
    await audit.getClock({}, pharmacy);
  };
  await askBoth();
  const once = read.mock.callCount();
  assert.ok(once >= 2);
  for (let round = 0; round < 4; round += 1) await askBoth();
  assert.equal(read.mock.callCount(), once);
  assert.deepEqual(callers, Array.from({ length: 5 }, () => ['dispensing', 'audit']).flat());
  await server[Symbol.asyncDispose]();
  await database.close();
});
