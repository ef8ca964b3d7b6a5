import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { measureProcess, metrics, registry } from '@erx/telemetry';
import { parse } from 'yaml';

const infra = join(import.meta.dirname, '..', '..', 'infra');
const docs = join(import.meta.dirname, '..', '..', 'docs');

/** Names that Prometheus itself gives. */
const FOREIGN = new Set(['up']);
const NAME = /\b(?:(?:erx|nodejs|process)_[a-z0-9_]+|up)\b/g;

type Rule = { alert: string; expr: string };
const rules = (
  parse(readFileSync(join(infra, 'alerts', 'erx-hub.rules.yml'), 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);
const dashboard: { panels: { targets: { expr: string }[] }[] } = JSON.parse(
  readFileSync(join(infra, 'grafana', 'erx-hub.json'), 'utf8'),
);
const queries = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
];

/** A histogram is read by the names of its rows. */
const registered = (): Set<string> => {
  const names = registry
    .getMetricsAsArray()
    .flatMap(({ name, type }) =>
      String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    );
  return new Set([...names, ...FOREIGN]);
};

test('every metric that the dashboard or an alarm names is one that the code registers', () => {
  measureProcess();
  const named = queries.flatMap((query) => query.match(NAME) ?? []);
  assert.ok(named.length > 30);
  assert.deepEqual(
    [...new Set(named)].filter((name) => !registered().has(name)),
    [],
  );
});

test('every figure of the hub stands on the dashboard', () => {
  const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
  const names = Object.values(metrics).map((metric) => (metric as unknown as { name: string }).name);
  assert.deepEqual(
    names.filter((name) => !shown.includes(name)),
    [],
  );
});

test('every alarm is explained in docs/operations.md', () => {
  const text = readFileSync(join(docs, 'operations.md'), 'utf8');
  assert.deepEqual(
    rules.map(({ alert }) => alert).filter((alert) => !text.includes(`\`${alert}\``)),
    [],
  );
});

test('GJ-6e labels are names of the hub’s own parts and codes: never a person, an institution or a number', () => {
  const allowed = new Set(['service', 'consumer', 'topic', 'method', 'route', 'status', 'code', 'outcome', 'state']);
  const labels = Object.values(metrics).flatMap((metric) => (metric as unknown as { labelNames: string[] }).labelNames);
  assert.deepEqual(
    labels.filter((label) => !allowed.has(label)),
    [],
  );
});

test('the name of every figure ends in its unit', () => {
  const units = /_(seconds|events|connections|connections_max|total|up|in_flight)$/;
  const names = Object.values(metrics).map((metric) => (metric as unknown as { name: string }).name);
  assert.deepEqual(
    names.filter((name) => !units.test(name)),
    [],
  );
});
