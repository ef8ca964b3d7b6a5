import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@erx/testkit';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

describe('more than it can answer', () => {
  let hub: TestGateway;
  let waiting: PromiseWithResolvers<void>[];
  before(async () => {
    hub = await startTestGateway({ env: { ERX_HTTP_MAX_REQUESTS: '3' } });
    await hub.registerEveryRole();
    await hub.token('patient-1');
    await hub.token('hospital-1');
    waiting = [];
    hub.fakes['listPharmacies'] = async () => {
      const answer = Promise.withResolvers<void>();
      waiting.push(answer);
      await answer.promise;
      return { pharmacies: [] };
    };
  });
  after(() => hub[Symbol.asyncDispose]());

  const slow = () =>
    hub.send('POST', `/v1/prescriptions/${UUID}/pharmacies`, { as: 'patient-1', body: { grantId: 'g' } });

  test('GJ-6b one request too many gets 503 with Retry-After at once; with room again it is answered', async () => {
    const running = [slow(), slow(), slow()];
    await eventually(async () => waiting.length === 3);
    const { status, headers, body } = await slow();
    assert.deepEqual([status, body['code'], body['retry']], [503, 'SERVICE_UNAVAILABLE', 'LATER']);
    assert.ok(Number(headers.get('retry-after')) >= 1);
    assert.equal(waiting.length, 3, 'it must not have reached a service');
    assert.equal((await hub.send('GET', '/health/live')).status, 200);
    assert.equal((await hub.send('GET', '/health/ready')).status, 200);
    for (const each of waiting) each.resolve();
    assert.deepEqual(
      (await Promise.all(running)).map((answer) => answer.status),
      [200, 200, 200],
    );
    const next = slow();
    await eventually(async () => waiting.length === 4);
    waiting.at(-1)?.resolve();
    assert.equal((await next).status, 200);
  });

  test('GJ-6b clients that go away give their place back', async () => {
    const token = await hub.token('patient-1');
    const before = waiting.length;
    const gone = new AbortController();
    const lost = [1, 2, 3].map((n) =>
      fetch(`${hub.url}/v1/prescriptions/${UUID}/pharmacies`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': `lost-${n}-${crypto.randomUUID()}`,
        },
        body: JSON.stringify({ grantId: 'g' }),
        signal: gone.signal,
      }).catch(() => undefined),
    );
    await eventually(async () => waiting.length === before + 3);
    gone.abort();
    await Promise.all(lost);
    await eventually(async () => (await hub.send('GET', '/openapi.json')).status === 200);
    for (const each of waiting) each.resolve();
  });
});
