import { continueOrBegin, metrics, type OpenSpan, openSpan } from '@erx/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What runs in it belongs to the request's trace. */
    trace: Pick<OpenSpan, 'within'> | undefined;
    /** What the span of a stream says at its end: figures and codes only. */
    told: Record<string, number | string> | undefined;
  }
}

/** As others call it: the client went before it was answered. */
const LEFT = 499;

/**
 * One span per request, from its first hook to the last byte of the answer, be that a stream of an hour; and, for all but
 * streams, one measured duration. A client's traceparent is continued; without one the request's id is the trace id.
 */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('trace', undefined);
  app.decorateRequest('told', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const inTrace = <T>(work: () => T): T => continueOrBegin(traceparentOf(request), request.id, work);
    const span = inTrace(() => openSpan('server', `${request.method} ${routeOf(request)}`));
    request.trace = { within: (work) => inTrace(() => span.within(work)) };
    // Not the framework's onResponse: that comes for nobody who hangs up, which is how most streams end.
    reply.raw.once('close', () => {
      const { method } = request;
      const status = reply.raw.headersSent ? reply.statusCode : LEFT;
      span.end({ ...request.told, 'http.response.status_code': status }, status >= 500);
      // How long a stream was open says nothing of how fast the hub answers.
      if (request.told === undefined)
        metrics.httpDuration.observe({ method, route: routeOf(request), status }, reply.elapsedTime / 1_000);
    });
    request.trace.within(done);
  });
  // The body arrives by events of the socket, which know nothing of the request.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.trace === undefined) done();
    else request.trace.within(done);
  });
}

/** As declared (`/v1/sales/:saleId`): what stands in its place in a request is nobody's business here. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

function traceparentOf({ headers }: FastifyRequest): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' ? traceparent : undefined;
}
