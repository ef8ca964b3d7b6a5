import assert from 'node:assert/strict';
import test from 'node:test';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { beforeReading, metrics } from '../metrics.ts';
import { collectFigures } from './collect-figures.ts';

async function figure(name: string) {
  const { resourceMetrics } = await collectFigures();
  return resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === name);
}

test('counters, gauges and histograms reach OTLP with the values, labels and buckets that Prometheus reads', async () => {
  metrics.refusals.inc({ code: 'GRANT_INVALID' }, 3);
  const refusals = await figure('erx_refusals_total');
  assert.equal(refusals?.dataPointType, DataPointType.SUM);
  assert.deepEqual(
    refusals?.dataPoints.map(({ attributes, value }) => [attributes, value]),
    [[{ code: 'GRANT_INVALID' }, 3]],
  );

  const labels = { service: 'audit', method: 'm', outcome: 'answered' };
  for (const seconds of [0.001, 0.12, 0.13, 99]) metrics.grpcServed.observe(labels, seconds);
  const served = await figure('erx_grpc_server_duration_seconds');
  assert.equal(served?.descriptor.unit, 's');
  const point = served?.dataPoints[0];
  assert.ok(point);
  assert.deepEqual(point.attributes, labels);
  const { count, sum, buckets } = point.value as { count: number; sum: number; buckets: Record<string, number[]> };
  assert.deepEqual([count, sum], [4, 0.001 + 0.12 + 0.13 + 99]);
  assert.deepEqual(buckets['boundaries'], [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.6, 1, 2, 5, 10]);
  assert.deepEqual(buckets['counts'], [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]);
});

test('gauges are looked at before they are read, and a look that fails spoils nothing', async () => {
  let looks = 0;
  using _look = beforeReading(async () => metrics.parked.set({ service: 'audit' }, ++looks));
  using _broken = beforeReading(() => Promise.reject(new Error('away')));
  await figure('erx_parked_events');
  const parked = await figure('erx_parked_events');
  assert.equal(parked?.dataPointType, DataPointType.GAUGE);
  assert.equal(parked?.dataPoints[0]?.value, 2);
});
