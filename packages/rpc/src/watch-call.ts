import { isRefused } from '@erx/errors';
import { metrics, type OpenSpan, openSpan } from '@erx/telemetry';

export type WatchedCall = Pick<OpenSpan, 'within'> & {
  /** The answer, refusals, or the error that it came to. */
  end(outcome: unknown): void;
};

/** Span and duration of one call at one of its ends. `method`: `erx.settlement.v1.SettlementService/Quote`. */
export function watchCall(end: 'client' | 'server', service: string, method: string): WatchedCall {
  const span = openSpan(end, method, { 'rpc.system': 'grpc', 'rpc.method': method });
  const measured = end === 'server' ? metrics.grpcServed : metrics.grpcAsked;
  const began = performance.now();
  return {
    within: span.within,
    end(answer) {
      const outcome = isRefused(answer) ? 'refused' : answer instanceof Error ? 'failed' : 'answered';
      const codes = isRefused(answer) ? { 'erx.refusals': answer.refused.map(({ code }) => code) } : {};
      span.end({ 'erx.outcome': outcome, ...codes }, outcome === 'failed');
      measured.observe({ service, method, outcome }, (performance.now() - began) / 1_000);
    },
  };
}

/**
 * One span for a stream at one of its ends, from now to its end, with how many messages went through: hours may lie
 * between. `signal` aborts when its reader has gone.
 */
export function watchStream<T>(
  end: 'client' | 'server',
  method: string,
  signal: AbortSignal,
  open: () => AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T> {
  // Opened here: a generator's own code runs in the context of whoever asks it for the next message.
  const span = openSpan(end, method, { 'rpc.system': 'grpc', 'rpc.method': method });
  return (async function* () {
    let messages = 0;
    let outcome = 'left';
    try {
      for await (const message of span.within(open)) {
        messages += 1;
        yield message;
      }
      if (!signal.aborted) outcome = 'ended';
    } catch (error) {
      if (!signal.aborted) outcome = 'failed';
      throw error;
    } finally {
      span.end({ 'erx.messages': messages, 'erx.outcome': outcome }, outcome === 'failed');
    }
  })();
}
