import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { freshFolder } from '@erx/testkit';
import { decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { startTestGateway, type TestGateway } from './support.ts';
import { askToken, assertion, tokenOf } from './tokens.ts';

/** Longer than a token lives. */
const LIFE_SECONDS = 360;

async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
}
const publicOf = ({ d: _private, ...key }: JWK): JWK => key;
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What an attacker who knows a public key could use as a shared secret. */
function secretsFrom(key: JWK): Buffer[] {
  const known = createPublicKey({ key: publicOf(key) as never, format: 'jwk' });
  const spki = { type: 'spki' } as const;
  return [
    known.export({ ...spki, format: 'pem' }),
    known.export({ ...spki, format: 'der' }),
    JSON.stringify(publicOf(key)),
    `${key.x}${key.y}`,
  ].map((secret) => Buffer.from(secret));
}

describe('keys of access tokens', () => {
  const file = join(freshFolder('token-keys'), 'token-keys.json');
  let hub: TestGateway;
  let first: JWK;
  let ahead = 0;
  const write = (...keys: (JWK & { exp?: number })[]): void => writeFileSync(file, JSON.stringify({ keys }));
  before(async () => {
    first = await newKey('first');
    write(first);
    hub = await startTestGateway({ env: { ERX_TOKEN_KEYS_FILE: file } });
    await hub.registerEveryRole();
  });
  after(() => hub[Symbol.asyncDispose]());
  beforeEach(() => write(first));

  const now = (): number => Math.floor((Date.now() + ahead) / 1_000);
  const advance = (seconds: number): void => {
    ahead += seconds * 1_000;
    hub.advance(seconds * 1_000);
  };
  const knock = async (token: string): Promise<number> => {
    const { status, body } = await hub.send('GET', '/v1/sandbox/clock', {
      headers: { authorization: `Bearer ${token}` },
    });
    if (status !== 200) assert.deepEqual([status, body['code']], [401, 'TOKEN_INVALID']);
    return status;
  };
  const claims = () => ({
    iss: hub.url,
    aud: 'urn:erx:hub',
    sub: 'authority',
    client_id: 'authority',
    role: 'AUTHORITY',
    exp: now() + 100,
  });
  const forge = (key: Parameters<SignJWT['sign']>[0], header: Record<string, unknown>): Promise<string> =>
    new SignJWT(claims()).setProtectedHeader({ typ: 'at+jwt', ...header } as unknown as { alg: string }).sign(key);
  const byKey = async (key: JWK, header: object = { kid: key.kid }) =>
    forge(await importJWK(key, 'ES256'), { alg: 'ES256', ...header });
  const newToken = () => tokenOf(hub.url, 'hospital-1', hub.keys.get('hospital-1') as JWK);

  test('a new key signs from the next token on; tokens by the former one are good until they expire', async () => {
    const [second, old] = [await newKey('second'), await newToken()];
    assert.equal(decodeProtectedHeader(old).kid, 'first');
    write(second, { ...publicOf(first), exp: now() + LIFE_SECONDS });
    const young = await newToken();
    assert.equal(decodeProtectedHeader(young).kid, 'second');
    assert.deepEqual([await knock(young), await knock(old), await knock(await byKey(first))], [200, 200, 200]);
    advance(301);
    assert.deepEqual([await knock(old), await knock(young)], [401, 401]);
  });

  test('a former key is good for nothing after its end, also for whoever still has its private part', async () => {
    write(await newKey('third'), { ...publicOf(first), exp: now() + LIFE_SECONDS });
    assert.equal(await knock(await byKey(first)), 200);
    advance(LIFE_SECONDS);
    assert.equal(await knock(await byKey(first)), 401);
  });

  test('a stolen key that is taken out of the file opens nothing any more, nor do tokens that were known already', async () => {
    const token = await byKey(first);
    assert.equal(await knock(token), 200);
    write(await newKey('fourth'));
    assert.deepEqual([await knock(token), await knock(await byKey(first))], [401, 401]);
  });

  test('a file that became unreadable changes nothing', async () => {
    assert.equal(await knock(await byKey(first)), 200);
    writeFileSync(file, '{"keys":[');
    assert.equal(decodeProtectedHeader(await newToken()).kid, 'first');
    assert.equal(await knock(await byKey(first)), 200);
  });

  test('a token by another key, another algorithm or none is refused, whatever its header says', async () => {
    const own = await newKey('first');
    const rsa = await generateKeyPair('RS256');
    const p384 = await generateKeyPair('ES384');
    const tokens = [
      await byKey(own),
      await byKey(first, { kid: 'unknown' }),
      await byKey(first, {}),
      await byKey(own, { kid: 'first', jwk: publicOf(own) }),
      await byKey(own, { kid: 'first', jku: `${hub.url}/keys`, x5u: `${hub.url}/keys` }),
      await forge(rsa.privateKey, { alg: 'RS256', kid: 'first' }),
      await forge(rsa.privateKey, { alg: 'RS256' }),
      await forge(p384.privateKey, { alg: 'ES384', kid: 'first' }),
      `${base64url({ alg: 'none', typ: 'at+jwt', kid: 'first' })}.${base64url(claims())}.`,
      `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(claims())}.`,
    ];
    for (const secret of secretsFrom(first)) {
      tokens.push(await forge(secret, { alg: 'HS256', kid: 'first' }), await forge(secret, { alg: 'HS256' }));
    }
    const good = await byKey(first);
    const [head, , signature] = good.split('.');
    tokens.push(`${head}.${base64url({ ...claims(), role: 'HOSPITAL' })}.${signature}`, good.slice(0, -4), `${good}.x`);
    for (const token of tokens) assert.equal(await knock(token), 401, token);
    assert.equal(await knock(good), 200);
  });

  test('an assertion by another algorithm or none gives no token, also with a public key as the secret', async () => {
    const key = hub.keys.get('hospital-1') as JWK;
    const rsa = await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey);
    const body = await assertion(hub.url, 'hospital-1', key).then((text) => text.split('.')[1]);
    const assertions = [
      await assertion(hub.url, 'hospital-1', rsa, {}, { alg: 'RS256', kid: key.kid }),
      await assertion(hub.url, 'hospital-1', rsa, {}, { alg: 'PS256' }),
      `${base64url({ alg: 'none' })}.${body}.`,
      `${base64url({ alg: 'none', kid: key.kid })}.${body}.`,
    ];
    for (const secret of secretsFrom(key)) {
      const shared = { kty: 'oct', k: secret.toString('base64url') };
      assertions.push(await assertion(hub.url, 'hospital-1', shared, {}, { alg: 'HS256', kid: key.kid }));
    }
    for (const client_assertion of assertions) {
      const { status } = await askToken(hub.url, { client_assertion });
      assert.ok(status === 400 || status === 401, String(status));
    }
  });
});

test('a gateway does not start on keys that are none, and does not show them', async () => {
  const file = join(freshFolder('token-keys'), 'token-keys.json');
  const key = await newKey('k');
  const broken = [
    '',
    'a secret',
    '{"keys":[]}',
    JSON.stringify({ keys: [publicOf(key)] }),
    JSON.stringify({ keys: [key, key] }),
  ];
  for (const text of broken) {
    writeFileSync(file, text);
    await assert.rejects(startTestGateway({ env: { ERX_TOKEN_KEYS_FILE: file } }), (error: Error) => {
      assert.match(error.message, /^ERX_TOKEN_KEYS_FILE: /);
      return !error.message.includes('a secret') && !error.message.includes(key.d ?? '');
    });
  }
});
