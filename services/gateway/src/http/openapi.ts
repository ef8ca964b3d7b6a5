import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TOKEN_PATH } from '../oauth/provider.ts';

const operator = Type.Optional(
  Type.String({ maxLength: 64, description: '操作人 who acts: practitioner code or till' }),
);
const idempotencyKey = Type.String({
  minLength: 8,
  maxLength: 128,
  pattern: '^[\\x21-\\x7e]+$',
  description: 'names this write: the same key gets the first answer',
});
const lastEventId = Type.Optional(Type.String({ description: 'number of the last entry received' }));

/** Headers of a route as the document shows them; they are checked with the token, before the body is read. */
const headers = {
  read: Type.Object({ 'Erx-Operator': operator }),
  write: Type.Object({ 'Idempotency-Key': idempotencyKey, 'Erx-Operator': operator }),
  stream: Type.Object({ 'Last-Event-ID': lastEventId }),
};

/** `/openapi.json` from the route schemas, and `/docs` to read it. Call it before the routes are declared. */
export async function describeApi(app: FastifyInstance, url: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '电子处方流转中心 erx-hub',
        version: '1.0.0',
        description: 'Electronic prescription circulation hub. Money in fen, quantities in packs as decimal text.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url }],
      components: {
        securitySchemes: {
          oauth: {
            type: 'oauth2',
            description: 'client credentials with private_key_jwt (RFC 7523), ES256',
            flows: { clientCredentials: { tokenUrl: `${url}${TOKEN_PATH}`, scopes: {} } },
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`) },
    transform: ({ schema, url: path, route }) => {
      const kind = route.config?.headers;
      return { schema: kind === undefined ? schema : { ...schema, headers: headers[kind] }, url: path };
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    logLevel: 'silent',
    staticCSP: true,
    // On one machine the hub speaks plain HTTP, and the page's own parts come the same way.
    transformStaticCSP: (policy) => policy.replace(/\s*upgrade-insecure-requests;?/, ''),
  });
}
