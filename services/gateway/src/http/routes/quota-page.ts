import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

// It asks the hub that it comes from, and nobody else.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** `/quota` (调用配额): what `GET /v1/quota` answers, for a person. Open to everybody; it shows nothing without a token. */
export function quotaPageRoutes(app: FastifyInstance): void {
  for (const name of ['quota.html', 'quota.js', 'quota.css']) {
    const content = readFileSync(new URL(`../../../browser/${name}`, import.meta.url), 'utf8');
    const type = `${types[extname(name)]}; charset=utf-8`;
    app.get(name === 'quota.html' ? '/quota' : `/quota/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply
        .type(type)
        .headers({ 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' })
        .send(content),
    );
  }
}
