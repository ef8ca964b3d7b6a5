import type { PageFile } from '@erx/receipts/page';
import type { FastifyInstance } from 'fastify';

/** What a page may connect to, held by the browser itself: nothing at all, or this hub. */
type Connects = "'none'" | "'self'";

const policy = (connects: Connects): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${connects}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves a page and the files below its address to everybody; the one without a name is the page itself. */
export function servePage(
  app: FastifyInstance,
  address: string,
  files: ReadonlyMap<string, PageFile>,
  connects: Connects,
): void {
  const headers = {
    'content-security-policy': policy(connects),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
  for (const [name, { type, content }] of files) {
    app.get(name === '' ? address : `${address}/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).headers(headers).send(content),
    );
  }
}
