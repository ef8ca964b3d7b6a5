import type { JWK } from 'jose';
import { type Adapter, errors, Provider } from 'oidc-provider';
import type { Client } from '../store/clients.ts';
import type { TokenKeys } from './token-keys.ts';
import { whileAvailable } from './while-available.ts';

/** Whom access tokens are for. */
export const AUDIENCE = 'urn:erx:hub';
export const TOKEN_PATH = '/oauth/token';

const TOKEN_SECONDS = 300;
const LONGEST_ASSERTION_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 10;

type Parts = {
  issuer: string;
  adapter: (model: string) => Adapter;
  findClient(id: string): Promise<Client | undefined>;
  signingKey: JWK;
};

/**
 * OAuth 2.0 client credentials with `private_key_jwt` and nothing else. Tokens are JWTs (RFC 9068) that carry what the
 * authority registered: role, institution, division.
 */
export function openProvider({ issuer, adapter, findClient, signingKey }: Parts): Provider {
  const provider = new Provider(issuer, {
    adapter,
    jwks: { keys: [signingKey as never] },
    routes: { token: TOKEN_PATH },
    scopes: [],
    responseTypes: ['none'],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256', response_types: [], grant_types: ['client_credentials'] },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== AUDIENCE) throw new errors.InvalidTarget();
          return {
            scope: '',
            audience: AUDIENCE,
            accessTokenTTL: TOKEN_SECONDS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    async extraTokenClaims(_context, token) {
      const client = await whileAvailable(() => findClient(token.clientId ?? ''));
      if (client === undefined) throw new errors.InvalidClient('the client is gone');
      return { role: client.role, institution: client.institutionId, division: client.division };
    },
    // An assertion has to be remembered until it expires.
    assertJwtClientAuthClaimsAndHeader(_context, { exp }) {
      if (typeof exp !== 'number' || exp > Date.now() / 1_000 + LONGEST_ASSERTION_SECONDS) {
        throw new errors.InvalidClientAuth(`the assertion must expire within ${LONGEST_ASSERTION_SECONDS} s`);
      }
    },
    renderError(context, out) {
      context.body = out;
    },
  });
  // As every 503 of the hub.
  provider.use(async (context, next) => {
    await next();
    if (context.status === 503) context.set('retry-after', '1');
  });
  // Host and protocol are set by ourselves before it sees a request.
  provider.proxy = true;
  return provider;
}

/** Answers at the token endpoint: by another provider whenever the keys are others. */
export function giveTokens(
  keysNow: () => TokenKeys,
  open: (signing: JWK) => Provider,
): ReturnType<Provider['callback']> {
  let keys = keysNow();
  let answer = open(keys.signing).callback();
  return (request, response) => {
    const latest = keysNow();
    if (latest !== keys) answer = open(latest.signing).callback();
    keys = latest;
    return answer(request, response);
  };
}
