import { currentTraceparent, inSpan, type OpenSpan, openSpan, withTraceparent } from '@erx/telemetry';
import type { ConsumedEvent } from './decode-event.ts';
import type { Row } from './publisher.ts';

type Headers = Record<string, string>;

/** The trace goes on from here: whoever publishes or applies the event is a child of this very span. */
export function openAppendSpan(
  { topic, type }: { topic: string; type: string },
  headers: Headers,
): { span: OpenSpan; headers: Headers } {
  const span = openSpan('producer', `append ${topic}`, { 'erx.event': type });
  const traceparent = span.within(currentTraceparent);
  return { span, headers: traceparent === undefined ? headers : { ...headers, traceparent } };
}

/** Publishes rows of many traces at once: each gets a span below the one that appended it. */
export function inPublishSpans(rows: readonly Row[], publish: () => Promise<void>): Promise<void> {
  return inSpans(
    rows.map(({ topic, headers }) =>
      withTraceparent(traceparentIn(headers), () => openSpan('producer', `publish ${topic}`)),
    ),
    publish,
  );
}

/** The same for a consumer that applies events together. */
export function inApplySpans(events: readonly ConsumedEvent[], apply: () => Promise<void>): Promise<void> {
  return inSpans(
    events.map(({ topic, type, headers }) =>
      withTraceparent(headers['traceparent'], () => openSpan('consumer', `apply ${topic}`, { 'erx.event': type })),
    ),
    apply,
  );
}

/** One event alone: what its handler does, other events too, belongs to its trace. */
export function inApplySpan({ topic, type, headers }: ConsumedEvent, apply: () => Promise<void>): Promise<void> {
  return withTraceparent(headers['traceparent'], () =>
    inSpan('consumer', `apply ${topic}`, { 'erx.event': type }, apply),
  );
}

/** Ends all of them when the work is done, as failed when it throws. */
export async function inSpans(spans: readonly OpenSpan[], work: () => Promise<void>): Promise<void> {
  let isFailure = true;
  try {
    await work();
    isFailure = false;
  } finally {
    for (const span of spans) span.end({}, isFailure);
  }
}

/** Of headers as the outbox keeps them, without reading all of them twice. */
function traceparentIn(headers: string): string | undefined {
  return /"traceparent":"([^"]*)"/.exec(headers)?.[1];
}
