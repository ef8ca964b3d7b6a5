import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RequestRefused } from '@erx/proto/access/v1/access_events';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

describe('one client among many', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
  });
  after(() => hub[Symbol.asyncDispose]());

  test('GJ-6b a client sees its own quota, and what it asked is taken from it', async () => {
    const { status, body } = await hub.send('GET', '/v1/quota', { as: 'agency-1' });
    assert.equal(status, 200);
    const { perSecond, burst, left } = body as Record<string, number>;
    assert.deepEqual([perSecond, burst], [500, 2_000]);
    assert.ok(Number(left) < 2_000);
  });

  test('GJ-6b sale numbers tried out one after the other: slowed with Retry-After, and on record once', async () => {
    const guess = () => hub.send('GET', `/v1/sales/${UUID}`, { as: 'pharmacy-1' });
    await hub.database.sql`truncate outbox`;
    let tried = 0;
    for (; tried < 1_000 && (await guess()).status !== 429; tried += 1);
    assert.ok(tried >= 300 && tried < 1_000, `${tried} guesses`);
    const refused = await guess();
    assert.deepEqual([refused.status, refused.body['code']], [429, 'TOO_MANY_REQUESTS']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    const rows = await hub.database.sql<{ payload: Uint8Array }[]>`select payload from outbox`;
    const events = rows.map(({ payload }) => RequestRefused.decode(payload));
    assert.ok(events.length >= 1 && events.length < 10);
    assert.equal(events[0]?.operation, 'sale.read');
    assert.equal(events[0]?.context?.actor?.clientId, 'pharmacy-1');
    assert.equal((await hub.send('GET', '/v1/stock', { as: 'pharmacy-1' })).status, 404, 'only that is slowed');
    assert.equal((await hub.send('GET', '/v1/quota', { as: 'patient-1' })).status, 200);
  });

  test('every answer tells a browser to keep to HTTPS, to sniff and load nothing, and to store nothing', async () => {
    for (const path of ['/v1/quota', '/v1/nowhere', '/health/live']) {
      const { headers } = await hub.send('GET', path, { as: 'patient-1' });
      assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{7,}/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; frame-ancestors 'none'/, path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
    }
    const page = await fetch(`${hub.url}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /upgrade-insecure-requests/);
  });
});
