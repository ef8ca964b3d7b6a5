import { type Logger, pino } from 'pino';
import { currentTraceId } from './trace.ts';

export type { Logger };

/**
 * A logger to stdout in JSON. Log ids and codes, never request bodies: personal data must not reach a log, and the
 * redaction list is the last net, not the rule.
 */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    name: service,
    level,
    redact: { paths: ['*.name', '*.certNo', '*.phone', '*.authorization', 'req.headers.authorization'], remove: true },
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
    serializers: { err: (error: unknown) => describe(error) },
  });
}

// A database error can quote a row's values in message, detail and parameters: only its class is logged. A message can
// go over several lines, so the stack is told from it by its shape.
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'not an error object' };
  // drizzle's own text quotes the query with its parameters; what went wrong is the cause.
  if ('params' in error && error.cause instanceof Error) return { ...describe(error.cause), stack: placesIn(error) };
  const { code, constraint_name } = error as { code?: string; constraint_name?: string };
  const fromDatabase = error.name === 'PostgresError';
  return {
    type: error.name,
    message: fromDatabase ? `database refused: ${constraint_name ?? code}` : error.message,
    code,
    stack: placesIn(error),
  };
}

function placesIn({ stack }: Error): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 7)
    .join('\n');
}
