import { refuse } from '@erx/errors';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

/** Open streams are many and cost little: they are no requests that somebody waits for. */
const STREAM = '/v1/audit/stream';
const HEALTH = '/health/';

/**
 * Answers 503 with Retry-After before memory grows, when `most` requests are being answered. Whoever watches over this
 * process is answered all the same: a restart would not help.
 */
export function limitRequests(app: FastifyInstance, most: number): void {
  let running = 0;
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith(HEALTH) || request.url.startsWith(STREAM)) return;
    if (running >= most) return sendProblem(reply, request, refuse('SERVICE_UNAVAILABLE'));
    running += 1;
    // Comes also for a client that went away in the middle.
    reply.raw.once('close', () => {
      running -= 1;
    });
  });
}
