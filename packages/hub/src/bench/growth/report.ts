import { hundredth } from '../round.ts';
import type { AtSize, Growth } from './measure-growth.ts';
import { sumOf } from './sizes.ts';
import { type Cost, type Grown, mostGrown, total } from './statement-costs.ts';

/** p95 of a step may grow by a third. */
const MOST = 1.33;
const SHOWN = 8;

type SizeReport = Omit<AtSize, 'statements'> & {
  /** p95 of each step ÷ that at the smallest size. */
  ratios: Record<string, number>;
  /** What all statements of a lifecycle cost PostgreSQL. */
  postgres: Cost;
  mostGrown: Grown[];
};

export type GrowthReport = {
  lifecyclesPerSecond: number;
  sizes: SizeReport[];
  /** The worst ratio at the largest size, and whether it passes. */
  worst: { step: string; ratio: number; passes: boolean };
};

export function makeGrowthReport({ lifecyclesPerSecond, sizes }: Growth): GrowthReport {
  const [smallest] = sizes;
  if (smallest === undefined) throw new Error('one size at least');
  const reports = sizes.map(({ statements, ...size }) => ({
    ...size,
    ratios: Object.fromEntries(
      Object.entries(size.steps).map(([step, { p95 }]) => [step, hundredth(p95 / (smallest.steps[step]?.p95 ?? p95))]),
    ),
    postgres: total(statements),
    mostGrown: size === smallest ? [] : mostGrown(smallest.statements, statements, SHOWN),
  }));
  const worst = Object.entries(reports.at(-1)?.ratios ?? {}).reduce((a, b) => (b[1] > a[1] ? b : a));
  return {
    lifecyclesPerSecond,
    sizes: reports,
    worst: { step: worst[0], ratio: worst[1], passes: worst[1] <= MOST },
  };
}

/** The report for the terminal. */
export function growthLines({ lifecyclesPerSecond, sizes, worst }: GrowthReport): string[] {
  const last = sizes.at(-1);
  const columns = (values: readonly (string | number)[]): string =>
    values.map((value) => String(value).padStart(10)).join('');
  const row = (name: string, value: (size: SizeReport) => string | number): string =>
    name.padEnd(16) + columns(sizes.map(value));
  const services = Object.keys(last?.bytesPerPrescription ?? {});
  const kilo = (bytes: number): string => (bytes / 1_000).toFixed(1);
  const bytes = (service: string, size: SizeReport) => sumOf(size.bytesPerPrescription[service] ?? {});
  const whole = sizes.flatMap(({ prescriptions, wholeReads }) =>
    wholeReads.map(({ database, table, statement }) => `at ${prescriptions}: ${database}.${table} by ${statement}`),
  );
  return [
    '',
    `p95 in ms at ${lifecyclesPerSecond} lifecycles/s, half of capacity, by prescriptions that were there before:`,
    row('prescriptions', ({ prescriptions }) => prescriptions) + columns(['ratio']),
    row('log entries', ({ entries }) => entries),
    ...Object.keys(last?.steps ?? {}).map(
      (step) => row(step, ({ steps }) => (steps[step]?.p95 ?? 0).toFixed(1)) + columns([last?.ratios[step] ?? '']),
    ),
    row('CPU ms', ({ cpuMs }) =>
      Object.values(cpuMs)
        .reduce((sum, ms) => sum + ms, 0)
        .toFixed(1),
    ),
    row('of PostgreSQL', ({ cpuMs }) => (cpuMs['postgres'] ?? 0).toFixed(1)),
    row('in statements', ({ postgres }) => postgres.ms),
    row('pages touched', ({ postgres }) => postgres.pages),
    row('seconds to fill', ({ fillSeconds }) => fillSeconds),
    '',
    'kB of a prescription, of that in indexes:',
    ...services.map((service) =>
      row(service, (size) => `${kilo(bytes(service, size).total)} ${kilo(bytes(service, size).indexes)}`),
    ),
    '',
    ...(last?.mostGrown ?? []).map(
      ({ statement, from, to }) =>
        `${from.pages} → ${to.pages} pages, ${from.ms} → ${to.ms} ms in ${statement.slice(0, 120)}`,
    ),
    '',
    `of ${last?.explained} statements these read a table of 10⁴ rows or more from end to end: ${whole.length === 0 ? 'none' : ''}`,
    ...whole,
    ...(last?.unexplained ?? []).map((statement) => `could not be explained: ${statement}`),
    `worst growth: ${worst.step} × ${worst.ratio} (${worst.passes ? 'passes' : 'too much'})`,
  ];
}
