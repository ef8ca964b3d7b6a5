import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import test from 'node:test';
import { UnavailableError } from '@erx/errors';
import { SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { actorOf, connect, createClock, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, eventually } from '@erx/testkit';

const pharmacy = { actor: actorOf({ clientId: 'c1', role: 'PHARMACY' }) };
const sale = { saleId: 's', prescriptionId: 'p' };
const client = (port: number) => connect(SettlementServiceDefinition, `127.0.0.1:${port}`, engines().tls, 'dispensing');

/** A service whose one method answers when it is told to. */
async function slowService(maxCalls?: number) {
  const asked: PromiseWithResolvers<void>[] = [];
  const unasked = { operation: 'internal', handle: async () => Promise.reject(new Error('not asked')) } as const;
  const server = await startServer({
    listen: '127.0.0.1:0',
    tlsDir: engines().tls,
    service: 'settlement',
    clock: createClock(),
    recordRefusals: async () => {},
    log: createLogger('test', 'silent'),
    ...(maxCalls === undefined ? {} : { maxCalls }),
    contracts: [
      serve(SettlementServiceDefinition, {
        quote: unasked,
        settle: unasked,
        reverse: {
          operation: 'internal',
          async handle() {
            const answer = Promise.withResolvers<void>();
            asked.push(answer);
            await answer.promise;
            return { outcome: 'answered' };
          },
        },
      }),
    ],
  });
  return { server, asked };
}

test('a service with too much to do says so at once, and takes calls again when it has room', async () => {
  const { server, asked } = await slowService(3);
  await using settlement = client(server.port);
  const running = [1, 2, 3].map(() => settlement.reverse(sale, pharmacy));
  await eventually(async () => asked.length === 3);
  const began = Date.now();
  await assert.rejects(settlement.reverse(sale, pharmacy), UnavailableError);
  assert.ok(Date.now() - began < 2_000, 'it must not wait for its deadline');
  asked.shift()?.resolve();
  assert.deepEqual(await Promise.race(running), { outcome: 'answered' });
  const next = settlement.reverse(sale, pharmacy);
  await eventually(async () => asked.length === 3);
  for (const each of asked) each.resolve();
  assert.deepEqual(await next, { outcome: 'answered' });
  await Promise.all(running);
  await server[Symbol.asyncDispose]();
});

test('a slow service does not fill its callers: beyond 128 waiting calls they are turned away at once', async () => {
  const { server, asked } = await slowService();
  await using settlement = client(server.port);
  const waiting = Array.from({ length: 128 }, () => settlement.reverse(sale, { ...pharmacy, deadlineMs: 30_000 }));
  await eventually(async () => asked.length === 128);
  await assert.rejects(settlement.reverse(sale, pharmacy), UnavailableError);
  for (const each of asked) each.resolve();
  await Promise.all(waiting);
  const next = settlement.reverse(sale, pharmacy);
  await eventually(async () => asked.length === 129);
  asked.at(-1)?.resolve();
  assert.deepEqual(await next, { outcome: 'answered' });
  await server[Symbol.asyncDispose]();
});

test('a service that does not answer is given up at the deadline', async () => {
  const { server, asked } = await slowService();
  await using settlement = client(server.port);
  const began = Date.now();
  await assert.rejects(settlement.reverse(sale, { ...pharmacy, deadlineMs: 500 }), UnavailableError);
  assert.ok(Date.now() - began < 3_000);
  for (const each of asked) each.resolve();
  await server[Symbol.asyncDispose]();
});

test('SIGTERM: calls accepted before are answered, later ones are not taken, and it ends within ten seconds', async () => {
  const service = fork(new URL('drain-process.ts', import.meta.url), {
    env: { ...process.env, DRAIN_TLS: engines().tls },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let [port, asked] = [0, 0];
  service.on('message', (message: { type: string; port?: number }) => {
    if (message.type === 'port') port = message.port ?? 0;
    if (message.type === 'asked') asked += 1;
  });
  await eventually(async () => port > 0);
  await using settlement = client(port);
  const accepted = settlement.reverse(sale, pharmacy);
  await eventually(async () => asked === 1);
  const began = Date.now();
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await eventually(() => isRefused(port));
  await using stranger = client(port);
  await assert.rejects(stranger.reverse(sale, { ...pharmacy, deadlineMs: 300 }), UnavailableError);
  await assert.rejects(settlement.reverse(sale, { ...pharmacy, deadlineMs: 300 }), UnavailableError);
  assert.deepEqual(await accepted, { outcome: 'answered' });
  const [code] = await ended;
  assert.deepEqual({ code, asked }, { code: 0, asked: 1 });
  assert.ok(Date.now() - began < 10_000);
});

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}
