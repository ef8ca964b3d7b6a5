import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import Type from 'typebox';
import { TOKEN_PATH } from '../../oauth/provider.ts';
import { oneOf } from '../schemas/values.ts';

const FORM = 'application/x-www-form-urlencoded';

const TokenRequest = Type.Object({
  grant_type: oneOf('client_credentials'),
  client_assertion_type: oneOf('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: Type.String({
    description: 'JWT signed by the client (ES256): iss and sub its id, aud this endpoint or the issuer, jti, exp',
  }),
});
const Token = Type.Object(
  {
    access_token: Type.String(),
    token_type: Type.String(),
    expires_in: Type.Integer({ description: 'seconds' }),
  },
  { description: 'a bearer token' },
);
const OAuthError = Type.Object(
  { error: Type.String(), error_description: Type.Optional(Type.String()) },
  { description: 'RFC 6749 5.2' },
);

type Answer = ReturnType<Provider['callback']>;

/** The token endpoint (RFC 6749, RFC 7523). The provider reads and answers the request itself. */
export async function tokenRoute(app: FastifyInstance, answer: Answer, urls: readonly string[]): Promise<void> {
  const hosts = new Map(urls.map((url) => [new URL(url).host, url]));
  const [canonical = ''] = urls;
  await app.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', (_request, _payload, done) => done(null));
    own.post(
      TOKEN_PATH,
      {
        // The schema describes; the provider judges.
        attachValidation: true,
        schema: {
          operationId: 'token',
          summary: '访问令牌 Access token for five minutes (client credentials, private_key_jwt)',
          tags: ['令牌 Tokens'],
          security: [],
          consumes: [FORM],
          body: TokenRequest,
          response: { 200: Token, 400: OAuthError, 401: OAuthError, 503: OAuthError },
        },
      },
      async (request, reply) => {
        const { headers } = request.raw;
        // An audience must be one of our own addresses, whatever host the request names.
        const { host, protocol } = new URL(hosts.get(headers.host ?? '') ?? canonical);
        headers['x-forwarded-host'] = host;
        headers['x-forwarded-proto'] = protocol.slice(0, -1);
        headers.accept = 'application/json';
        reply.hijack();
        if (request.raw.readableAborted) return;
        reply.raw.setHeader('x-request-id', request.id);
        await answer(request.raw, reply.raw);
      },
    );
  });
}
