import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { servePage } from '../serve-page.ts';

const content = (name: string): string =>
  readFileSync(new URL(`../../../browser/quota/${name}`, import.meta.url), 'utf8');

/** `/quota`: shows a client its quota. Open to everybody: what it shows, it asks `/v1/quota` for with the reader's token. */
export function quotaPageRoutes(app: FastifyInstance): void {
  const files = new Map([
    ['', { type: 'text/html; charset=utf-8', content: content('index.html') }],
    ['style.css', { type: 'text/css; charset=utf-8', content: content('style.css') }],
    ['page.js', { type: 'text/javascript; charset=utf-8', content: content('page.js') }],
  ]);
  servePage(app, '/quota', files, "'self'");
}
