import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { UnavailableError } from '@erx/errors';
import { openDatabase } from '@erx/postgres';
import { eventually } from '@erx/testkit';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const away = () => {
  throw new UnavailableError('away');
};

describe('when a part of the hub is away', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
  });
  after(() => hub[Symbol.asyncDispose]());

  test('the answer is 503 with Retry-After: repeat with the same key', async () => {
    hub.fakes['getPrescription'] = away;
    const { status, headers, body } = await hub.send('GET', `/v1/prescriptions/${UUID}`, { as: 'hospital-1' });
    assert.deepEqual([status, body['code'], body['retry']], [503, 'SERVICE_UNAVAILABLE', 'LATER']);
    assert.ok(Number(headers.get('retry-after')) >= 1);
  });

  test('nobody says NONE of a request as long as one owner is silent', async () => {
    hub.fakes['getRequest'] = away;
    const { status } = await hub.send('GET', '/v1/requests/some-key-1', { as: 'hospital-1' });
    assert.equal(status, 503);
    delete hub.fakes['getRequest'];
  });

  test('the clock is set by registry and then by every process, or the call is unavailable', async () => {
    hub.fakes['setClock'] = () => ({ version: 3n, offsetMs: 86_400_000n });
    hub.fakes['applyClock'] = () => ({ businessTime: new Date() });
    hub.asked.length = 0;
    const put = () =>
      hub.send('PUT', '/v1/sandbox/clock', { as: 'authority', body: { businessTime: '2026-06-01T00:00:00+08:00' } });
    const { status, body } = await put();
    assert.equal(status, 200);
    const applied = hub.asked.filter(({ method }) => method === 'applyClock');
    assert.equal(applied.length, 7);
    for (const { request } of applied) assert.deepEqual(request, { version: 3n, offsetMs: 86_400_000n });
    assert.deepEqual(hub.asked[0]?.request, { now: new Date('2026-06-01T00:00:00+08:00') });
    const ahead = Date.parse(String(body['businessTime'])) - Date.now();
    assert.ok(Math.abs(ahead - 86_400_000) < 60_000, `${ahead}`);
    hub.fakes['applyClock'] = away;
    assert.equal((await put()).status, 503);
  });

  test('GJ-6b readiness falls with the database and returns by itself; the process lives on', async () => {
    const { url } = hub.database;
    const admin = openDatabase(Object.assign(new URL(url), { pathname: '/postgres' }).href, 1, 'admin');
    const name = new URL(url).pathname.slice(1);
    await admin.sql.unsafe(`alter database ${name} allow_connections false`);
    await admin.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    const ready = async () => (await hub.send('GET', '/health/ready')).status;
    await eventually(async () => (await ready()) === 503);
    assert.equal((await hub.send('GET', '/health/live')).status, 200);
    await admin.sql.unsafe(`alter database ${name} allow_connections true`);
    await eventually(async () => (await ready()) === 200);
    await admin.close();
  });

  test('health: living and ready', async () => {
    assert.deepEqual((await hub.send('GET', '/health/live')).body, { status: 'live' });
    assert.deepEqual((await hub.send('GET', '/health/ready')).body, { status: 'ready' });
  });
});

test('outside sandbox mode there is no clock to read or set', async () => {
  await using hub = await startTestGateway({ sandbox: false });
  for (const method of ['GET', 'PUT']) {
    const { status, body } = await hub.send(method, '/v1/sandbox/clock', { as: 'authority' });
    assert.deepEqual([status, body['code']], [404, 'NOT_FOUND']);
  }
});

test('a gateway that stops answers what is running and takes nothing new', async () => {
  await using hub = await startTestGateway();
  await hub.registerEveryRole();
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  hub.fakes['listPharmacies'] = async () => {
    asked.resolve();
    await release.promise;
    return { pharmacies: [] };
  };
  const path = `/v1/prescriptions/${UUID}/pharmacies`;
  const running = hub.send('POST', path, { as: 'patient-1', body: { grantId: 'g' } });
  await asked.promise;
  const stopped = hub.stop();
  await eventually(() =>
    fetch(hub.url).then(
      () => false,
      () => true,
    ),
  );
  release.resolve();
  const { status, headers } = await running;
  assert.deepEqual([status, headers.get('connection')], [200, 'close']);
  await stopped;
});
