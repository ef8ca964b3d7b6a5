import { verifierPage } from '@erx/receipts/page';
import type { FastifyInstance } from 'fastify';

// The browser itself keeps the promise that a receipt is sent nowhere: this page may connect to nothing.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/verify`: checks a receipt in the browser of whoever has one. Open to everybody; it knows nothing of the hub. */
export function verifierPageRoutes(app: FastifyInstance): void {
  for (const [name, { type, content }] of verifierPage()) {
    app.get(name === '' ? '/verify' : `/verify/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply
        .type(type)
        .headers({ 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' })
        .send(content),
    );
  }
}
