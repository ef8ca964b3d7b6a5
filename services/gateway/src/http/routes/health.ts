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
    // Whatever keeps it from its database: it is not ready, and a restart would not help.
    const isReady = !draining.aborted && (await database.sql`select 1`.then(Boolean, () => false));
    return isReady ? { status: 'ready' } : sendProblem(reply, request, refuse('SERVICE_UNAVAILABLE'));
  });
}
