import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { secretFile } from '@erx/testkit';
import { importJWK, type JWK, SignJWT } from 'jose';
import { startTestGateway, type TestGateway } from './support.ts';
import { askToken, assertion } from './tokens.ts';

describe('access tokens', () => {
  let hub: TestGateway;
  let key: JWK;
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
    key = hub.keys.get('hospital-1') as JWK;
  });
  after(() => hub[Symbol.asyncDispose]());

  const ask = async (client_assertion: string, headers: Record<string, string> = {}) => {
    const response = await askToken(hub.url, { client_assertion }, headers);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('a registered client gets a bearer token for five minutes', async () => {
    const { status, body } = await ask(await assertion(hub.url, 'hospital-1', key));
    assert.equal(status, 200);
    assert.deepEqual([body['token_type'], body['expires_in']], ['Bearer', 300]);
  });

  test('the issuer and the other name of this machine are audiences too', async () => {
    assert.equal((await ask(await assertion(hub.url, 'hospital-1', key, { aud: hub.url }))).status, 200);
    const byName = hub.url.replace('127.0.0.1', 'localhost');
    const response = await askToken(byName, { client_assertion: await assertion(byName, 'hospital-1', key) });
    assert.equal(response.status, 200);
  });

  test('an assertion is good once, also at the same instant', async () => {
    const used = await assertion(hub.url, 'hospital-1', key);
    const answers = await Promise.all([used, used, used, used].map((each) => ask(each)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
    assert.equal((await ask(used)).status, 401);
  });

  test('a wrong, forged, stale or endless assertion gives no token', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const other = hub.keys.get('pharmacy-1') as JWK;
    const wrong: Record<string, string> = {
      'another audience': await assertion(hub.url, 'hospital-1', key, { aud: 'https://elsewhere.example/oauth/token' }),
      'unknown client': await assertion(hub.url, 'hospital-9', key),
      'key of another client': await assertion(hub.url, 'hospital-1', other),
      expired: await assertion(hub.url, 'hospital-1', key, { exp: now - 60 }),
      'valid for a year': await assertion(hub.url, 'hospital-1', key, { exp: now + 31_536_000 }),
      'without jti': await assertion(hub.url, 'hospital-1', key, { jti: undefined as never }),
      'issued by another': await assertion(hub.url, 'hospital-1', key, { iss: 'pharmacy-1' }),
      unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"hospital-1","iss":"hospital-1"}').toString('base64url')}.`,
      nonsense: 'abc',
    };
    for (const [what, text] of Object.entries(wrong)) {
      const { status, body } = await ask(text);
      assert.ok(status === 400 || status === 401, `${what}: ${status}`);
      assert.equal(typeof body['error'], 'string', what);
    }
  });

  test('another algorithm than ES256 gives no token', async () => {
    const secret = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') };
    const { status } = await ask(await assertion(hub.url, 'hospital-1', secret, {}, { alg: 'HS256' }));
    assert.equal(status, 401);
  });

  test('an assertion for another server is no good here, whatever the Host header says', async () => {
    const elsewhere = await assertion('http://elsewhere.example', 'hospital-1', key);
    const { status } = await ask(elsewhere, { 'x-forwarded-host': 'elsewhere.example' });
    assert.equal(status, 401);
  });

  test('other grants and methods of authentication are switched off', async () => {
    const response = await fetch(`${hub.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'hospital-1', client_secret: 'x' }),
    });
    assert.ok([400, 401].includes(response.status));
    const code = await askToken(hub.url, {
      grant_type: 'authorization_code',
      client_assertion: await assertion(hub.url, 'hospital-1', key),
    });
    assert.equal(code.status, 400);
    for (const path of ['/auth', '/jwks', '/.well-known/openid-configuration', '/token/introspection', '/reg']) {
      assert.equal((await hub.send('GET', path)).status, 404, path);
    }
  });

  test('the token endpoint answers nonsense with 4xx', async () => {
    const bodies: [string, string | Uint8Array<ArrayBuffer>][] = [
      ['application/json', '{"grant_type":1}'],
      ['application/x-www-form-urlencoded', 'x'.repeat(100_000)],
      ['application/x-www-form-urlencoded', '%ff%00&&&==&grant_type=a&grant_type=b'],
      ['multipart/form-data', new Uint8Array([0, 255, 1])],
      ['application/x-www-form-urlencoded', ''],
    ];
    for (const [type, body] of bodies) {
      const response = await fetch(`${hub.url}/oauth/token`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      assert.ok(response.status >= 400 && response.status < 500, `${type}: ${response.status}`);
    }
  });

  describe('at the door', () => {
    const knock = async (token: string) => {
      const answer = await hub.send('GET', '/v1/sandbox/clock', { headers: { authorization: token } });
      return [answer.status, answer.body['code']];
    };
    const sign = async (claims: Record<string, unknown>, jwk?: JWK, header: Record<string, string> = {}) => {
      const [own] = (JSON.parse(readFileSync(secretFile('token-keys.json'), 'utf8')) as { keys: [JWK] }).keys;
      const now = Math.floor(Date.now() / 1_000);
      const good = { iss: hub.url, aud: 'urn:erx:hub', client_id: 'x', role: 'HOSPITAL', exp: now + 100 };
      return `Bearer ${await new SignJWT({ ...good, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: own.kid ?? '', ...header })
        .sign(await importJWK(jwk ?? own, 'ES256'))}`;
    };

    test('our own token opens it', async () => {
      assert.deepEqual(await knock(await sign({})), [200, undefined]);
    });

    test('foreign, expired and malformed tokens are refused TOKEN_INVALID', async () => {
      const now = Math.floor(Date.now() / 1_000);
      const tokens = [
        '',
        'Bearer',
        'Bearer abc',
        'Basic YTpi',
        `Bearer ${'a'.repeat(8_000)}`,
        await sign({ aud: 'urn:other' }),
        await sign({ iss: 'http://elsewhere.example' }),
        await sign({ exp: now - 1 }),
        await sign({ exp: undefined }),
        await sign({}, key),
        await sign({}, undefined, { typ: 'JWT' }),
        `Bearer ${await assertion(hub.url, 'hospital-1', key)}`,
      ];
      for (const token of tokens) assert.deepEqual(await knock(token), [401, 'TOKEN_INVALID'], token.slice(0, 20));
    });

    test('a token that was good is refused from the second it expires', async () => {
      const token = await sign({ exp: Math.floor(Date.now() / 1_000) + 300 });
      assert.deepEqual(await knock(token), [200, undefined]);
      hub.advance(300_000);
      assert.deepEqual(await knock(token), [401, 'TOKEN_INVALID']);
    });
  });
});
