import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { makeClientKey } from '../world/keys.ts';
import { seeded } from '../world/random.ts';
import { Session } from './http.ts';
import { PharmacyClient } from './pharmacy.ts';

type Reply = { status: number; body?: unknown; drop?: boolean };
type Seen = { path: string; key: string | undefined; token: string | undefined };

const credentials = { clientId: 'pharmacy', key: makeClientKey(seeded('http')) };
const sale = { grantId: 'g', quoteToken: 'q', lines: [] };

/** A hub that gives these replies in turn, and remembers what it was asked. */
async function hub(t: TestContext, replies: Reply[], patienceMs = 10_000) {
  const seen: Seen[] = [];
  let tokens = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const json = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.url === '/oauth/token') {
      tokens += 1;
      json(200, { access_token: `token-${tokens}`, expires_in: 300 });
      return;
    }
    const { authorization, 'idempotency-key': key } = request.headers;
    seen.push({ path: request.url ?? '', key: key as string | undefined, token: authorization });
    const { status, body, drop } = replies[seen.length - 1] ?? { status: 500 };
    if (drop) request.socket.destroy();
    else json(status, body ?? {});
  };
  const server = createServer((request, response) => request.resume().on('end', () => answer(request, response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { session: new Session({ url, patienceMs }, credentials), seen, tokens: () => tokens };
}

describe('a client of the hub', () => {
  test('repeats with the same key while the hub is away, and asks for one token only', async (t) => {
    const { session, seen, tokens } = await hub(t, [{ status: 503 }, { status: 0, drop: true }, { status: 200 }]);
    const answer = await session.send({ step: 'x', method: 'POST', path: '/x', body: {} });
    assert.equal(answer.ok, true);
    assert.equal(seen.length, 3);
    assert.ok(seen[0]?.key !== undefined && seen[0].key.length >= 8);
    assert.equal(new Set(seen.map(({ key }) => key)).size, 1);
    assert.equal(tokens(), 1);
  });

  test('takes a refusal for an answer, with all its codes', async (t) => {
    const errors = [{ code: 'TRACE_CODE_MISSING' }, { code: 'TRACE_CODE_UNKNOWN' }];
    const { session, seen } = await hub(t, [{ status: 422, body: { code: 'TRACE_CODE_MISSING', errors } }]);
    assert.deepEqual(await session.send({ step: 'x', method: 'POST', path: '/x' }), { ok: false, status: 422, errors });
    assert.equal(seen.length, 1);
  });

  test('renews a token that is refused, once', async (t) => {
    const { session, seen } = await hub(t, [{ status: 401 }, { status: 200 }, { status: 401 }, { status: 401 }]);
    assert.equal((await session.send({ step: 'x', method: 'GET', path: '/x' })).ok, true);
    assert.deepEqual(
      seen.map(({ token }) => token),
      ['Bearer token-1', 'Bearer token-2'],
    );
    assert.equal((await session.send({ step: 'x', method: 'GET', path: '/x' })).ok, false);
  });

  test('hangs up when its caller does', async (t) => {
    const { session } = await hub(t, [{ status: 503 }, { status: 503 }, { status: 200 }]);
    const call = { step: 'x', method: 'GET', path: '/x', signal: AbortSignal.timeout(50) } as const;
    await assert.rejects(session.send(call), { name: 'TimeoutError' });
  });

  test('loses patience with a hub that stays away', async (t) => {
    const { session } = await hub(t, [{ status: 503 }, { status: 503 }], 50);
    await assert.rejects(session.send({ step: 'x', method: 'GET', path: '/x' }), /no answer; last: HTTP 503/);
  });

  test('asks for the outcome of a sale that runs on, and repeats the sale when nothing took effect', async (t) => {
    const { session, seen } = await hub(t, [
      { status: 202, body: { state: 'RUNNING' } },
      { status: 200, body: { state: 'RUNNING' } },
      { status: 200, body: { state: 'NONE' } },
      { status: 202, body: { state: 'RUNNING' } },
      { status: 200, body: { state: 'DONE', answer: { saleId: 's' } } },
    ]);
    const answer = await new PharmacyClient(session, 'P').sell('rx', sale, 'key-of-sale');
    assert.deepEqual(answer, { ok: true, status: 201, body: { saleId: 's' } });
    assert.deepEqual(
      seen.map(({ path }) => path),
      [
        '/v1/prescriptions/rx/sales',
        ...twice('/v1/requests/key-of-sale'),
        '/v1/prescriptions/rx/sales',
        '/v1/requests/key-of-sale',
      ],
    );
    assert.equal(seen[0]?.key, seen[3]?.key);
  });
});

function twice(path: string): string[] {
  return [path, path];
}
