import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const kinds = {
  /** Answers a call. */
  server: SpanKind.SERVER,
  /** Asks somebody and waits. */
  client: SpanKind.CLIENT,
  /** Writes a message that others will read. */
  producer: SpanKind.PRODUCER,
  /** Does what a message says. */
  consumer: SpanKind.CONSUMER,
} as const;
export type Kind = keyof typeof kinds;

// Without an SDK these calls reach an empty implementation.
const tracer = trace.getTracer('erx');

export type OpenSpan = {
  /** What runs in it has it as parent. */
  within<T>(work: () => T): T;
  /** Attributes are codes and names only: no person, no number. */
  end(attributes?: Attributes, isFailure?: boolean): void;
};

/** Begins a span below the running one. Whoever opens it ends it. */
export function openSpan(kind: Kind, name: string, attributes: Attributes = {}): OpenSpan {
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes });
  const inside = trace.setSpan(context.active(), span);
  return {
    within: (work) => context.with(inside, work),
    end(more = {}, isFailure = false) {
      span.setAttributes(more);
      if (isFailure) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** Runs `work` in a span of its own; one that throws is marked as failed, without the error's text. */
export async function inSpan<T>(kind: Kind, name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const span = openSpan(kind, name, attributes);
  let isFailure = true;
  try {
    const outcome = await span.within(work);
    isFailure = false;
    return outcome;
  } finally {
    span.end({}, isFailure);
  }
}
