import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@erx/telemetry';
import fastify, { type FastifyInstance } from 'fastify';
import { answerBrokenRequests } from './broken-requests.ts';
import { answerErrors, asRefused } from './errors.ts';
import { acceptJson } from './json-body.ts';
import { answerUnknownRoutes } from './not-found.ts';
import { sendProblem } from './problem.ts';
import { Problem } from './schemas/problem.ts';
import { sendSecurityHeaders } from './security-headers.ts';
import { traceRequests } from './trace.ts';
import { validateBySchema } from './validation.ts';

const HEADERS_MS = 10_000;
/** A whole request has to arrive within this time. */
const REQUEST_MS = 30_000;
/** A connection on which nothing happens at all. */
const SILENT_MS = 120_000;
/** How often Node looks for connections that are late. */
const LOOK_MS = 2_000;
const KEEP_ALIVE_MS = 15_000;
const DRAIN_MS = 8_000;
const LARGEST_BODY = 512 * 1024;

/** The HTTP server without its routes: limits, bodies, checks, problem documents. */
export function createHttp(log: Logger): FastifyInstance {
  const app = fastify({
    logger: false,
    genReqId: () => randomBytes(16).toString('hex'),
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_MS, maxHeaderSize: 16 * 1024 },
    routerOptions: { maxParamLength: 512 },
    // While draining, what still comes on a living connection is answered, and then the connection closes.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply as never, request as never, asRefused(error));
    },
    clientErrorHandler: answerBrokenRequests,
  });
  traceRequests(app);
  app.decorateRequest('actor');
  app.addSchema(Problem);
  acceptJson(app);
  validateBySchema(app);
  answerErrors(app, log);
  answerUnknownRoutes(app);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (request, reply) => {
    if (closing) reply.header('connection', 'close');
    reply.header('x-request-id', request.id);
  });
  sendSecurityHeaders(app);
  app.addHook('onResponse', async (request, reply) => {
    const { url } = request.routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    request.trace?.within(() => log.debug({ route: url, status, ms: Math.round(elapsedTime) }, 'answered'));
  });
  return app;
}

/** Takes no new connections, answers what is running, and after eight seconds hangs up. */
export async function drainHttp(app: FastifyInstance): Promise<void> {
  const done = new AbortController();
  const closed = app.close();
  const late = sleep(DRAIN_MS, 'late', { signal: done.signal }).catch(() => {});
  if ((await Promise.race([closed, late])) === 'late') app.server.closeAllConnections();
  await closed;
  done.abort();
}
