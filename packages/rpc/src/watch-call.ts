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
