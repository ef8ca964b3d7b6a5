import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';

export type Credentials = { clientId: string; key: JWK };
type TokenAnswer = { access_token: string; expires_in: number };

// A token that has less life left than this is renewed, so that none expires on its way.
const MARGIN_MS = 60_000;
const ASSERTION_LIFE = '60s';

/** Bearer tokens of one client (client credentials, `private_key_jwt`, ES256): kept until shortly before they expire. */
export class TokenSource {
  readonly #endpoint: string;
  readonly #credentials: Credentials;
  #current: { token: string; renewAt: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(url: string, credentials: Credentials) {
    this.#endpoint = `${url}/oauth/token`;
    this.#credentials = credentials;
  }

  /** Throws `TokenRefused` with the HTTP status when the hub gives none. */
  async get(): Promise<string> {
    if (this.#current !== undefined && Date.now() < this.#current.renewAt) return this.#current.token;
    // Calls that come while one is asking share its answer.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** After the hub refused a token: ask for a new one next time. */
  forget(): void {
    this.#current = undefined;
  }

  async #ask(): Promise<string> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await this.#assertion(),
      }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new TokenRefused(response.status, await response.text());
    const { access_token: token, expires_in: seconds } = (await response.json()) as TokenAnswer;
    const life = seconds * 1_000;
    this.#current = { token, renewAt: Date.now() + Math.max(life - MARGIN_MS, life / 2) };
    return token;
  }

  async #assertion(): Promise<string> {
    const { clientId, key } = this.#credentials;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', ...(key.kid === undefined ? {} : { kid: key.kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(this.#endpoint)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(ASSERTION_LIFE)
      .sign(await importJWK(key, 'ES256'));
  }
}

export class TokenRefused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`no token: HTTP ${status} ${text.slice(0, 200)}`);
    this.status = status;
  }
}
