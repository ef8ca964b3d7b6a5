import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientSwitched } from '@erx/proto/access/v1/access_events';
import type { Call } from '@erx/rpc';
import { eventually, freshDatabase } from '@erx/testkit';
import { startTestGateway, type TestGateway } from './support.ts';
import { askToken, assertion } from './tokens.ts';

describe('a client that the authority switches off', () => {
  let hub: TestGateway;
  /** A further process of the same gateway. */
  let other: TestGateway;
  before(async () => {
    const database = { ERX_DATABASE_URL: await freshDatabase('gateway') };
    hub = await startTestGateway({ env: database });
    other = await startTestGateway({ env: { ...database, ERX_PUBLIC_URL: hub.url } });
    await hub.registerEveryRole();
    for (const at of [hub, other]) {
      at.fakes['followEntries'] = async function* (_request: unknown, _call: Call, signal: AbortSignal) {
        await sleep(60_000, undefined, { signal }).catch(() => {});
        yield* [];
      } as never;
    }
  });
  after(async () => {
    await hub[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const turn = (clientId: string, state: string, more: { as?: string; key?: string } = {}) =>
    hub.send('PUT', `/v1/clients/${clientId}/state`, { as: 'authority', body: { state }, ...more });
  const ask = async (clientId: string, at = hub) => {
    const headers = { authorization: `Bearer ${await hub.token(clientId)}` };
    const response = await fetch(`${at.url}/v1/quota`, { headers });
    const { code = '' } = (await response.json()) as { code?: string };
    return [response.status, code];
  };
  const newToken = async (clientId: string) => {
    const key = hub.keys.get(clientId) ?? assert.fail();
    return (await askToken(hub.url, { client_assertion: await assertion(hub.url, clientId, key) })).status;
  };
  const switched = async (clientId: string) => {
    const rows = await hub.database.sql<{ payload: Uint8Array }[]>`
      select payload from outbox where type = 'erx.access.v1.ClientSwitched' and key = ${clientId} order by seq`;
    return rows.map(({ payload }) => ClientSwitched.decode(payload));
  };

  test('gets no token, its tokens are refused at once, in every process; switched on again, it works as before', async () => {
    assert.deepEqual(await ask('hospital-1'), [200, '']);
    const { status, body } = await turn('hospital-1', 'SUSPENDED');
    assert.deepEqual([status, body], [200, { clientId: 'hospital-1', state: 'SUSPENDED' }]);
    assert.deepEqual(await ask('hospital-1'), [403, 'CLIENT_SUSPENDED']);
    assert.equal(await newToken('hospital-1'), 401);
    assert.deepEqual(await ask('pharmacy-1'), [200, ''], 'nobody else is');
    await eventually(async () => (await ask('hospital-1', other))[1] === 'CLIENT_SUSPENDED');

    assert.equal((await turn('hospital-1', 'ACTIVE')).status, 200);
    assert.deepEqual(await ask('hospital-1'), [200, '']);
    assert.equal(await newToken('hospital-1'), 200);
    await eventually(async () => (await ask('hospital-1', other))[0] === 200);
  });

  test('loses its open streams, with the reason as their last event', async () => {
    const headers = { authorization: `Bearer ${await hub.token('regulator-1')}` };
    const lines = await Promise.all([hub, other].map(({ url }) => fetch(`${url}/v1/audit/stream`, { headers })));
    const open = await fetch(`${hub.url}/v1/audit/stream`, {
      headers: { authorization: `Bearer ${await hub.token('agency-1')}` },
    });
    await turn('regulator-1', 'SUSPENDED');
    for (const line of lines) {
      const text = await line.text();
      assert.ok(text.endsWith('event: erx.stream.cut\ndata: {"reason":"CLIENT_SUSPENDED"}\n\n'), text);
    }
    const reader = open.body?.getReader();
    assert.match(new TextDecoder().decode((await reader?.read())?.value), /^retry/);
    await reader?.cancel();
    await turn('regulator-1', 'ACTIVE');
  });

  test('is on record once for each change, with who did it; a repeat gets the first answer', async () => {
    const key = crypto.randomUUID();
    assert.equal((await turn('pharmacy-1', 'SUSPENDED', { key })).status, 200);
    assert.deepEqual((await turn('pharmacy-1', 'SUSPENDED', { key })).body, {
      clientId: 'pharmacy-1',
      state: 'SUSPENDED',
    });
    await turn('pharmacy-1', 'SUSPENDED');
    assert.equal((await turn('pharmacy-1', 'ACTIVE', { key })).body['code'], 'IDEMPOTENCY_KEY_REUSED');
    await turn('pharmacy-1', 'ACTIVE');
    const events = await switched('pharmacy-1');
    assert.deepEqual(
      events.map(({ suspended, context }) => [suspended, context?.actor?.clientId]),
      [
        [true, 'authority'],
        [false, 'authority'],
      ],
    );
  });

  test('stays off when it is registered anew', async () => {
    await turn('patient-1', 'SUSPENDED');
    await hub.registerEveryRole();
    assert.equal(await newToken('patient-1'), 401);
    await turn('patient-1', 'ACTIVE');
    assert.equal(await newToken('patient-1'), 200);
  });

  test('CX-7c is never the root authority, has to exist, and is switched by nobody but the authority', async () => {
    const refused = async (...asked: Parameters<typeof turn>) => {
      const { status, body } = await turn(...asked);
      return [status, body['code']];
    };
    assert.deepEqual(await refused('authority', 'SUSPENDED'), [400, 'REQUEST_INVALID']);
    assert.deepEqual(await refused('nobody', 'SUSPENDED'), [404, 'NOT_FOUND']);
    assert.deepEqual(await refused('hospital-1', 'SUSPENDED', { as: 'agency-1' }), [403, 'ACCESS_SCOPE_DENIED']);
    assert.deepEqual(await switched('nobody'), []);
    assert.deepEqual(await ask('hospital-1'), [200, '']);
  });
});
