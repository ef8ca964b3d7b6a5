import { continueOrBegin, metrics, type OpenSpan, openSpan } from '@erx/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What runs in it belongs to the request's trace. */
    trace: { span: OpenSpan; within<T>(work: () => T): T } | undefined;
  }
}

/**
 * One span and one measured duration per request, from its first hook to the last byte of the answer. A client's
 * traceparent is continued; without one the request's id is the trace id.
 */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('trace', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    const inTrace = <T>(work: () => T): T => continueOrBegin(traceparentOf(request), request.id, work);
    const span = inTrace(() => openSpan('server', `${request.method} ${routeOf(request)}`));
    request.trace = { span, within: (work) => inTrace(() => span.within(work)) };
    request.trace.within(done);
  });
  // The body arrives by events of the socket, which know nothing of the request.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.trace === undefined) done();
    else request.trace.within(done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const status = reply.statusCode;
    request.trace?.span.end({ 'http.response.status_code': status }, status >= 500);
    metrics.httpDuration.observe({ method, route: routeOf(request), status }, reply.elapsedTime / 1_000);
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
