import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A client assertion; `claims` and `header` replace what a correct one says. */
export async function assertion(
  url: string,
  clientId: string,
  key: JWK,
  claims: JWTPayload = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: clientId,
    sub: clientId,
    aud: `${url}/oauth/token`,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  };
  return new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg: 'ES256', ...header } as { alg: string })
    .sign(await importJWK(key, (header['alg'] as string) ?? 'ES256'));
}

export function askToken(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_assertion_type: TYPE, ...form });
  return fetch(`${url}/oauth/token`, { method: 'POST', body, headers });
}

/** An access token of a registered client. */
export async function tokenOf(url: string, clientId: string, key: JWK): Promise<string> {
  const response = await askToken(url, { client_assertion: await assertion(url, clientId, key) });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`no token: ${response.status} ${JSON.stringify(answer)}`);
  return answer.access_token;
}
