import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue, MetricValueWithName } from 'prom-client';
import { refreshGauges, registry } from '../metrics.ts';

type Figure = MetricObjectWithValues<MetricValue<string>>;

const startTime = hrTime(Date.now());

/** What Prometheus reads on the internal port, for OTLP: the same names, labels and buckets. */
export async function collectFigures(): Promise<CollectionResult> {
  await refreshGauges();
  const endTime = hrTime(Date.now());
  const metrics = (await registry.getMetricsAsJSON()).map((figure) => toMetric(figure, endTime));
  return {
    resourceMetrics: {
      resource: emptyResource(), // the SDK puts its own in this place
      scopeMetrics: [{ scope: { name: 'erx' }, metrics: metrics.filter((metric) => metric.dataPoints.length > 0) }],
    },
    errors: [],
  };
}

function toMetric(figure: Figure, endTime: HrTime): MetricData {
  const { name, help } = figure;
  const unit = /_seconds(_total)?$/.test(name) ? 's' : /_bytes$/.test(name) ? 'By' : '1';
  const base = {
    descriptor: { name, description: help, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const point = <T>(attributes: object, value: T): DataPoint<T> => ({
    startTime,
    endTime,
    attributes: { ...attributes },
    value,
  });
  const numbers = figure.values.map(({ labels, value }) => point(labels, value));
  // The enumeration of kinds is declared as numbers and given as words.
  switch (String(figure.type)) {
    case 'counter':
      return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: numbers };
    case 'histogram':
      return {
        ...base,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: toHistograms(figure).map(({ labels, value }) => point(labels, value)),
      };
    default:
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: numbers };
  }
}

/** Prometheus writes a histogram as many rows of growing counts; OTLP as one with a count for each bucket. */
function toHistograms({ name, values }: Figure): { labels: object; value: Histogram }[] {
  const rows = values as MetricValueWithName<string>[];
  const series = Map.groupBy(rows, ({ labels: { le: _bound, ...labels } }) => JSON.stringify(labels));
  return [...series].map(([labels, list]) => {
    const upTo = list.filter(({ metricName }) => metricName === `${name}_bucket`);
    const one = (suffix: string): number => list.find((row) => row.metricName === name + suffix)?.value ?? 0;
    return {
      labels: JSON.parse(labels) as object,
      value: {
        count: one('_count'),
        sum: one('_sum'),
        buckets: {
          boundaries: upTo.map(({ labels: { le } }) => Number(le)).filter(Number.isFinite),
          counts: upTo.map(({ value }, index) => value - (upTo[index - 1]?.value ?? 0)),
        },
      },
    };
  });
}

function hrTime(ms: number): HrTime {
  return [Math.trunc(ms / 1_000), (ms % 1_000) * 1e6];
}
