import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as its process described it. */
export type ReceivedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  name: string;
  attributes: Attribute[];
};

export type OtlpReceiver = AsyncDisposable & {
  url: string;
  spans: ReceivedSpan[];
  /** Names of metrics by service. */
  metrics: Map<string, Set<string>>;
  /** Every text that was sent, once; not the ids and times of spans. */
  texts: Set<string>;
};

type Attribute = { key: string; value: { stringValue?: string; intValue?: number | string } };
type Resource = { attributes: Attribute[] };
type Traces = { resourceSpans?: { resource: Resource; scopeSpans: { spans: Omit<ReceivedSpan, 'service'>[] }[] }[] };
type Metrics = { resourceMetrics?: { resource: Resource; scopeMetrics: { metrics: { name: string }[] }[] }[] };

const IDS_AND_TIMES = /^(traceId|spanId|parentSpanId|.*UnixNano)$/;

/** Takes traces and metrics by OTLP over HTTP in JSON, as a collector does. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics = new Map<string, Set<string>>();
  const texts = new Set<string>();
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const { resourceSpans = [], resourceMetrics = [] }: Traces & Metrics = JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'string' && !IDS_AND_TIMES.test(key)) texts.add(value);
      return value;
    });
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = serviceOf(resource);
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push({ ...span, service });
    }
    for (const { resource, scopeMetrics } of resourceMetrics) {
      const known = metrics.get(serviceOf(resource)) ?? new Set();
      metrics.set(serviceOf(resource), known);
      for (const { name } of scopeMetrics.flatMap((scope) => scope.metrics)) known.add(name);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    texts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serviceOf({ attributes }: Resource): string {
  const name = attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
  return name.replace(/^erx-/, '');
}
