import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Client } from '../store/clients.ts';
import { adapterFactory } from './adapter.ts';
import { openProvider } from './provider.ts';

async function newJwk(kid: string) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
  return { privateKey, jwk };
}

/** A token endpoint over these stores; gives the answer to one correct request. */
async function askToken(t: TestContext, stores: Parameters<typeof adapterFactory>[0]) {
  const issuer = 'http://hub.example';
  const { jwk: signingKey } = await newJwk('access');
  const provider = openProvider({ issuer, adapter: adapterFactory(stores), findClient: stores.findClient, signingKey });
  const server = createServer((request, response) => {
    Object.assign(request.headers, { 'x-forwarded-host': 'hub.example', 'x-forwarded-proto': 'http' });
    void provider.callback()(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const assertion = await new SignJWT({ iss: 'c', sub: 'c', aud: issuer, jti: 'j' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('60s')
    .sign(key.privateKey);
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Record<string, unknown> };
}

const key = await newJwk('c');
const { d: _private, ...publicJwk } = key.jwk;
const client: Client = {
  clientId: 'c',
  role: 'REGULATOR',
  institutionId: '',
  division: '420000',
  name: 'c',
  jwks: JSON.stringify({ keys: [publicJwk] }),
};
const records = { find: async () => undefined, add: async () => true };
const lost = async (): Promise<never> => {
  throw Object.assign(new Error('connection lost'), { code: 'CONNECTION_CLOSED' });
};

test('a token carries what the authority registered', async (t) => {
  const { status, body } = await askToken(t, { findClient: async () => client, records });
  assert.equal(status, 200);
  const [, payload = ''] = String(body['access_token']).split('.');
  const { iss, aud, sub, client_id, role, institution, division, exp, iat } = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  );
  assert.deepEqual([iss, aud, sub, client_id], ['http://hub.example', 'urn:erx:hub', 'c', 'c']);
  assert.deepEqual([role, institution, division, exp - iat], ['REGULATOR', '', '420000', 300]);
});

test('with the database away the answer is 503 with Retry-After, so that clients ask again', async (t) => {
  let asked = 0;
  const lostSecond = async (): Promise<Client> => {
    asked += 1;
    return asked === 1 ? client : lost();
  };
  for (const stores of [
    { findClient: lost, records },
    { findClient: lostSecond, records },
    { findClient: async () => client, records: { ...records, add: lost } },
    { findClient: async () => client, records: { ...records, find: lost } },
  ]) {
    const { status, headers, body } = await askToken(t, stores);
    assert.deepEqual([status, body['error'], headers.get('retry-after')], [503, 'temporarily_unavailable', '1']);
  }
});
