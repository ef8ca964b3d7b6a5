import { verifierPage } from '@erx/receipts/page';
import type { FastifyInstance } from 'fastify';
import { servePage } from '../serve-page.ts';

/**
 * `/verify`: checks a receipt in the browser of whoever has one. Open to everybody; it knows nothing of the hub. The browser
 * itself keeps the promise that a receipt is sent nowhere: this page may connect to nothing.
 */
export function verifierPageRoutes(app: FastifyInstance): void {
  servePage(app, '/verify', verifierPage(), "'none'");
}
