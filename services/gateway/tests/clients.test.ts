import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey, startTestGateway, type TestGateway } from './support.ts';
import { askToken, assertion } from './tokens.ts';

describe('registration of clients', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
  });
  after(() => hub[Symbol.asyncDispose]());

  const register = (clients: object[], key?: string) =>
    hub.send('POST', '/v1/import/clients', {
      as: 'authority',
      body: { clients },
      ...(key === undefined ? {} : { key }),
    });
  const client = async (clientId: string, more: object = {}) => ({
    clientId,
    role: 'HOSPITAL',
    institutionId: 'H1',
    name: '医院',
    jwks: { keys: [await newKey(hub.keys, clientId)] },
    ...more,
  });
  const problems = (body: Record<string, unknown>) =>
    (body['errors'] as { field: string; detail: { problem: string } }[]).map(
      ({ field, detail }) => `${field} ${detail.problem}`,
    );

  test('a registered client gets a token; the same content again changes nothing', async () => {
    const one = await client('hospital-a');
    assert.deepEqual((await register([one])).body, { changed: 1, unchanged: 0 });
    assert.deepEqual((await register([one])).body, { changed: 0, unchanged: 1 });
    assert.ok(await hub.token('hospital-a'));
  });

  test('a client whose key was replaced gets tokens by the new key only', async () => {
    const old = await client('hospital-b');
    const oldKey = hub.keys.get('hospital-b');
    await register([old]);
    await register([await client('hospital-b')]);
    assert.ok(await hub.token('hospital-b'));
    const response = await askToken(hub.url, {
      client_assertion: await assertion(hub.url, 'hospital-b', oldKey as never, {}, {}),
    });
    assert.equal(response.status, 401);
  });

  test('a repeat with the same key gets the first answer, with other content it is refused', async () => {
    const one = await client('hospital-c');
    assert.deepEqual((await register([one], 'import-key')).body, { changed: 1, unchanged: 0 });
    assert.deepEqual((await register([one], 'import-key')).body, { changed: 1, unchanged: 0 });
    const other = await register([{ ...one, name: '别的' }], 'import-key');
    assert.deepEqual([other.status, other.body['code']], [409, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('two registrations at the same instant under one key are one', async () => {
    const one = await client('hospital-d');
    const answers = await Promise.all(Array.from({ length: 6 }, () => register([one], 'same-instant')));
    for (const { status, body } of answers) assert.deepEqual([status, body], [200, { changed: 1, unchanged: 0 }]);
  });

  test('all problems at once, and nothing is registered', async () => {
    const good = await client('hospital-e');
    const offCurve = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const { status, body } = await register([
      good,
      { ...good },
      await client('authority'),
      await client('pharmacy-e', { role: 'PHARMACY', institutionId: '' }),
      await client('regulator-e', { role: 'REGULATOR' }),
      await client('patient-e', { role: 'PATIENT', institutionId: undefined, jwks: { keys: [offCurve] } }),
    ]);
    assert.equal(status, 400);
    assert.deepEqual(problems(body), [
      '/clients/1/clientId DUPLICATE',
      '/clients/2/clientId RESERVED',
      '/clients/3/institutionId REQUIRED',
      '/clients/4/institutionId NOT_FOR_THIS_ROLE',
      '/clients/4/division REQUIRED',
      '/clients/5/jwks/keys/0 NOT_A_P256_KEY',
    ]);
    const [row] = await hub.database.sql<
      { n: number }[]
    >`select count(*)::int as n from client where client_id like '%-e'`;
    assert.equal(row?.n, 0);
  });

  test('no client becomes an authority, and a private key is not taken', async () => {
    const answer = await register([
      await client('hospital-f', { role: 'AUTHORITY' }),
      await client('hospital-g', { jwks: { keys: [hub.keys.get('hospital-f')] } }),
    ]);
    assert.deepEqual(problems(answer.body), [
      '/clients/0/role UNKNOWN_VALUE',
      '/clients/1/jwks/keys/0/d UNKNOWN_FIELD',
    ]);
  });
});
