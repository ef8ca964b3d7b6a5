import type { SaleAnswer } from '../books/compare/answers.ts';
import type { Books } from '../books/main.ts';
import type { Longest } from './in-flight.ts';
import type { Kill } from './striker.ts';

/** What the sandbox's report says of its plays, as far as it is used here. */
export type PlayReport = {
  wrong: number;
  plays: Record<string, { count: number }>;
  wrongPlays: { play: number; kind: string; expected: string; got: string }[];
  saleAnswers: SaleAnswer[];
};

export type ChaosReport = {
  passed: boolean;
  seed: string;
  minutes: number;
  balanced: boolean;
  wrong: number;
  /** `perMinute`: those that ended while processes were killed. */
  plays: { count: number; perMinute: number };
  wrongPlays: PlayReport['wrongPlays'];
  /** Plays that may end otherwise because of the time that passed: there is no such kind. */
  excused: number[];
  kills: Record<string, number>;
  /** The process that needed longest to serve again after a kill. */
  slowestRecovery: { process: string; seconds: number } | undefined;
  longestInFlight: Longest;
  /** Seconds for which the databases could not be asked what is in flight. */
  blind: number;
  /** Why it did not pass. */
  faults: string[];
  strikes: Kill[];
  books: Books['rows'];
};

/** Nothing may be under way longer. */
const IN_FLIGHT_S = 60;

export function makeChaosReport(facts: {
  seed: string;
  minutes: number;
  everybody: readonly string[];
  kills: readonly Kill[];
  longest: Longest;
  blind: number;
  plays: PlayReport | undefined;
  meanwhile: number;
  books: Pick<Books, 'balanced' | 'rows'>;
}): ChaosReport {
  const { seed, minutes, everybody, kills, longest, blind, plays, meanwhile, books } = facts;
  const counts = Object.fromEntries(
    everybody.map((name) => [name, kills.filter(({ process }) => process === name).length]),
  );
  const count = Object.values(plays?.plays ?? {}).reduce((sum, each) => sum + each.count, 0);
  const faults = [
    ...(plays === undefined ? ['the plays did not come to their end'] : []),
    ...(plays !== undefined && plays.wrong > 0 ? [`${plays.wrong} plays ended otherwise than they must`] : []),
    ...(books.balanced ? [] : ['the books do not balance']),
    ...everybody.filter((name) => counts[name] === 0).map((name) => `${name} was never killed`),
    ...kills.filter(({ recovered }) => recovered === undefined).map(({ process }) => `${process} did not come back`),
    ...(['sale', 'event'] as const)
      .filter((kind) => longest[kind].seconds > IN_FLIGHT_S)
      .map((kind) => `an open ${kind} was in flight for ${longest[kind].seconds} s (${longest[kind].id})`),
    ...(blind > IN_FLIGHT_S ? [`nobody saw for ${blind} s what was in flight`] : []),
  ];
  return {
    passed: faults.length === 0,
    seed,
    minutes,
    balanced: books.balanced,
    wrong: plays?.wrong ?? 0,
    plays: { count, perMinute: Math.round(meanwhile / minutes) },
    wrongPlays: plays?.wrongPlays ?? [],
    excused: [],
    kills: counts,
    slowestRecovery: slowest(kills),
    longestInFlight: longest,
    blind,
    faults,
    strikes: [...kills],
    books: books.rows,
  };
}

function slowest(kills: readonly Kill[]): ChaosReport['slowestRecovery'] {
  const [first] = kills
    .flatMap(({ process, recovered }) => (recovered === undefined ? [] : [{ process, seconds: recovered }]))
    .sort((a, b) => b.seconds - a.seconds);
  return first;
}

/** The report for the terminal. */
export function chaosLines(report: ChaosReport): string[] {
  const { kills, plays, slowestRecovery, longestInFlight, faults } = report;
  const total = Object.values(kills).reduce((sum, count) => sum + count, 0);
  return [
    '',
    '故障演练 · Chaos',
    `${total} kills: ${Object.entries(kills)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `${plays.count} plays, ${plays.perMinute} a minute, ${report.wrong} wrong`,
    `slowest recovery: ${slowestRecovery === undefined ? 'none' : `${slowestRecovery.process} ${slowestRecovery.seconds} s`}`,
    `longest in flight: sale ${longestInFlight.sale.seconds} s, event ${longestInFlight.event.seconds} s, unseen at most ${report.blind} s`,
    ...faults.map((fault) => `✗ ${fault}`),
    report.passed ? '通过 · Nothing lost, nothing doubled.' : '未通过 · Not passed.',
  ];
}
