import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
/** An answer that is no page loads nothing and stands in no frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'";

/** What every answer tells a browser. A page says itself what it may load, an answer that may be kept how long. */
export function sendSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(HEADERS);
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', NO_PAGE);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}
