import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';

/** W3C Trace Context, version 00: trace id, id of the parent span, flags. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/** Where no SDK keeps spans, the trace is passed on as it came: logs and events carry its id all the same. */
const passedOn = new AsyncLocalStorage<string>();

/** W3C traceparent of the running span, or as it came; undefined outside a trace. */
export function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return passedOn.getStore();
  return `00-${span.traceId}-${span.spanId}-0${span.traceFlags & SAMPLED}`;
}

/** 32 hex digits that logs, traces, events and problem documents share. */
export function currentTraceId(): string | undefined {
  return currentTraceparent()?.split('-')[1];
}

/** Runs `work` as a continuation of the trace that a message or call arrived with; what is no traceparent is ignored. */
export function withTraceparent<T>(traceparent: string | undefined, work: () => T): T {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const from = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
  if (traceparent === undefined || !isSpanContextValid(from)) return work();
  return passedOn.run(traceparent, () => context.with(trace.setSpanContext(context.active(), from), work));
}

/** Continues the caller's trace; without one it begins one: by the SDK, else under `traceId` (32 hex digits). */
export function continueOrBegin<T>(traceparent: string | undefined, traceId: string, work: () => T): T {
  const begun = `00-${traceId}-${randomBytes(8).toString('hex')}-00`;
  return passedOn.run(begun, () => withTraceparent(traceparent, work));
}
