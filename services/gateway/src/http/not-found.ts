import { refuse } from '@erx/errors';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

/** Unknown paths are 404, known paths with another method 405 with `Allow`. Call it before the routes are declared. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const known: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`);
    known.push({ pattern, methods: [method].flat() });
  });
  // Before the body is read: an unknown place needs no content type.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = request.url.split('?')[0] ?? '';
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    if (methods.length === 0) return sendProblem(reply, request, refuse('NOT_FOUND'));
    const allow = [...new Set(methods)].join(', ');
    return sendProblem(reply.header('allow', allow), request, refuse('METHOD_NOT_ALLOWED', { allow }));
  });
}
