import { type Refused, refuse, UnavailableError } from '@erx/errors';
import { isTransient } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import type { FastifyError, FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';
import { RefusedError } from './refused-error.ts';
import { toRefusals } from './validation.ts';

/** Turns everything that a handler or the framework throws into a problem document. */
export function answerErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refused = asRefused(error);
    if (refused.refused[0]?.code === 'INTERNAL_ERROR') {
      log.error({ err: error, route: request.routeOptions.url, request: request.id }, 'unexpected failure');
    }
    return sendProblem(reply, request, refused);
  });
}

export function asRefused(error: FastifyError): Refused {
  if (error instanceof RefusedError) return error.refused;
  if (error.validation !== undefined) {
    // What cannot be an id is the id of nothing.
    if (error.validationContext === 'params') return refuse('NOT_FOUND');
    return { refused: toRefusals(error.validation, error.validationContext) };
  }
  if (error instanceof UnavailableError || isTransient(error)) return refuse('SERVICE_UNAVAILABLE');
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('BODY_TOO_LARGE');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('MEDIA_TYPE_UNSUPPORTED');
    case 'FST_ERR_BAD_URL':
      return refuse('REQUEST_INVALID', { problem: 'BAD_PERCENT_ENCODING' });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refuse('NOT_FOUND');
    case 'ECONNRESET':
      return refuse('REQUEST_INVALID', { problem: 'BROKEN_OFF' });
  }
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? refuse('REQUEST_INVALID') : refuse('INTERNAL_ERROR');
}
