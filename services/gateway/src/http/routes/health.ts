import { refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { sendProblem } from '../problem.ts';
import { problemResponse } from '../schemas/problem.ts';

const schema = (operationId: string, summary: string) => ({
  operationId,
  summary,
  tags: ['健康 Health'],
  security: [],
  response: { 200: Type.Object({ status: Type.String() }, { description: summary }), ...problemResponse(503) },
});

/** For whoever watches over this process. */
export function healthRoutes(app: FastifyInstance, database: Database, draining: AbortSignal): void {
  app.get('/health/live', { schema: schema('live', '存活 The process runs') }, async () => ({ status: 'live' }));
  app.get('/health/ready', { schema: schema('ready', '就绪 Requests are taken') }, async (request, reply) => {
    if (draining.aborted) return sendProblem(reply, request, refuse('SERVICE_UNAVAILABLE'));
    await database.sql`select 1`;
    return { status: 'ready' };
  });
}
