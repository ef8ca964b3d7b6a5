import type { Reading } from './plays/regulators.ts';
import type { Played } from './plays/run.ts';
import type { KeptSale } from './plays/stage.ts';

/** Milliseconds, by step. */
export type Steps = Record<string, { count: number; p50: number; p95: number; p99: number }>;

export type Report = {
  wrong: number;
  plays: Record<string, { count: number; wrong: number; expected: string[] }>;
  steps: Steps;
  saleAnswers: ReturnType<typeof saleAnswer>[];
  wrongPlays: { play: number; kind: string; expected: string; got: string }[];
  regulators: Reading[];
  startedAt: string;
  seconds: number;
};

/** Collects times of answers by step, in milliseconds. */
export class Times {
  #byStep = new Map<string, number[]>();

  record = (step: string, ms: number): void => {
    const times = this.#byStep.get(step);
    if (times === undefined) this.#byStep.set(step, [ms]);
    else times.push(ms);
  };

  clear(): void {
    this.#byStep.clear();
  }

  summary(): Steps {
    return Object.fromEntries(
      [...this.#byStep].map(([step, times]) => {
        const sorted = times.toSorted((a, b) => a - b);
        const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => quantile(sorted, part)) as [number, number, number];
        return [step, { count: sorted.length, p50, p95, p99 }];
      }),
    );
  }
}

/** The smallest value that so large a part does not exceed, to a tenth of a millisecond. */
function quantile(sorted: readonly number[], part: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}

export function makeReport(
  played: readonly Played[],
  steps: Steps,
  regulators: Reading[],
  startedAt: Date,
  seconds: number,
): Report {
  const plays: Report['plays'] = {};
  for (const { kind, wrong, expected } of played) {
    const entry = plays[kind] ?? { count: 0, wrong: 0, expected: [] };
    plays[kind] = {
      count: entry.count + 1,
      wrong: entry.wrong + Number(wrong),
      expected: [...new Set([...entry.expected, expected])],
    };
  }
  const wrongPlays = played
    .filter(({ wrong }) => wrong)
    .map(({ play, kind, expected, got }) => ({ play, kind, expected, got }));
  return {
    wrong: wrongPlays.length + regulators.filter(({ problem }) => problem !== undefined).length,
    plays,
    steps,
    saleAnswers: played.flatMap(({ sales }) => sales.map(saleAnswer)),
    wrongPlays,
    regulators,
    startedAt: startedAt.toISOString(),
    seconds: Math.round(seconds * 10) / 10,
  };
}

function saleAnswer({ sale: { saleId, prescriptionId, amounts }, traceCodes, reversed = false }: KeptSale) {
  const { totalFen, basicFen, seriousFen, aidFen, patientFen } = amounts;
  return { saleId, prescriptionId, totalFen, basicFen, seriousFen, aidFen, patientFen, traceCodes, reversed };
}

/** The report for the terminal. */
export function lines(report: Report): string[] {
  const kinds = Object.entries(report.plays).sort(([a], [b]) => a.localeCompare(b));
  const steps = Object.entries(report.steps).sort(([a], [b]) => a.localeCompare(b));
  return [
    '',
    `${'play'.padEnd(30)}${'count'.padStart(6)}${'wrong'.padStart(6)}  expected`,
    ...kinds.map(
      ([kind, { count, wrong, expected }]) => `${kind.padEnd(30)}${pad(count)}${pad(wrong)}  ${expected.join(' or ')}`,
    ),
    '',
    `${'step'.padEnd(24)}${'count'.padStart(6)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}`,
    ...steps.map(
      ([step, { count, p50, p95 }]) =>
        `${step.padEnd(24)}${pad(count)}${p50.toFixed(1).padStart(9)}${p95.toFixed(1).padStart(9)}`,
    ),
    '',
    ...report.regulators.map(regulatorLine),
    ...report.wrongPlays.map(
      ({ play, kind, expected, got }) => `WRONG ${kind} (${play}): expected ${expected}, got ${got}`,
    ),
    `${report.saleAnswers.length} sales in ${report.seconds} s, ${report.wrong} wrong`,
  ];
}

function regulatorLine({ division, read, proven, receipt, cosigned = [], problem }: Reading): string {
  const counted = `regulator ${division} read ${read} entries, ${proven} verified against the log`;
  if (problem !== undefined) return `WRONG ${counted}: ${problem}`;
  if (receipt === undefined) return counted;
  const by = cosigned.length === 0 ? '' : `, cosigned by ${cosigned.join(' and ')}`;
  return `${counted}, receipt of the last one verified offline${by}`;
}

function pad(count: number): string {
  return String(count).padStart(6);
}
