import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { perService, serviceNames } from '../services.ts';
import { type HubFile, readHubFile } from '../supervisor/hub-file.ts';
import { readHealth } from '../watch/health.ts';
import { connect } from './connect.ts';
import { usageOf } from './processes.ts';
import { runLoad } from './run-load.ts';

/** At one instant, by process. */
type Sample = { memory: Record<string, number>; handles: Record<string, number>; behind: number };

export type SoakFigures = {
  seconds: number;
  lifecycles: number;
  /** Means of the first and the last quarter; bytes, open file handles. */
  memory: Record<string, Trend>;
  handles: Record<string, Trend>;
  /** Events that were not published or had not arrived. */
  behind: Trend;
};

type Trend = { first: number; last: number };

const SAMPLES = 60;

type Options = { perSecond: number; seconds: number; warmUp: number };

/** The same load for a long time: what grows then, grows for ever. */
export async function soak(hubFile: string, options: Options, signal: AbortSignal): Promise<SoakFigures> {
  const { perSecond, seconds, warmUp } = options;
  const hub = readHubFile(hubFile);
  if (hub === undefined) throw new Error('a living hub has its file');
  const samples: Sample[] = [];
  const over = new AbortController();
  let sampling: Promise<void> | undefined;
  const most = Math.ceil(perSecond * seconds * 1.1) + warmUp;
  const { lifecycles } = await runLoad(
    hubFile,
    { most, warmUp, seconds, perSecond },
    signal,
    () => {
      sampling = sampleInto(samples, hub, (seconds * 1_000) / SAMPLES, AbortSignal.any([signal, over.signal]));
    },
    () => over.abort(),
  );
  await sampling;
  const quarter = Math.floor(samples.length / 4);
  const trend = (value: (sample: Sample) => number): Trend => ({
    first: mean(samples.slice(0, quarter).map(value)),
    last: mean(samples.slice(-quarter).map(value)),
  });
  const byProcess = (of: (sample: Sample) => Record<string, number>): Record<string, Trend> =>
    Object.fromEntries(Object.keys(hub.processes).map((name) => [name, trend((sample) => of(sample)[name] ?? 0)]));
  return {
    seconds,
    lifecycles,
    memory: byProcess(({ memory }) => memory),
    handles: byProcess(({ handles }) => handles),
    behind: trend(({ behind }) => behind),
  };
}

/** The report for the terminal. */
export function soakLines({ seconds, lifecycles, memory, handles, behind }: SoakFigures): string[] {
  const pair = ({ first, last }: Trend, unit = 1): string =>
    `${(first / unit).toFixed(0)} → ${(last / unit).toFixed(0)}`;
  return [
    '',
    `${lifecycles} lifecycles in ${seconds} s; first quarter → last quarter`,
    `${'process'.padEnd(16)}${'MiB'.padStart(16)}${'handles'.padStart(16)}`,
    ...Object.entries(memory).map(
      ([name, bytes]) =>
        name.padEnd(16) + pair(bytes, 2 ** 20).padStart(16) + pair(handles[name] ?? { first: 0, last: 0 }).padStart(16),
    ),
    `events on their way: ${pair(behind)}`,
  ];
}

async function sampleInto(samples: Sample[], hub: HubFile, everyMs: number, stop: AbortSignal): Promise<void> {
  const sqls = perService((name) => connect(hub.databases[name]));
  const processes = hub.processes as Record<string, number>;
  while (!stop.aborted) {
    const { outboxes, lags } = await readHealth(hub, sqls);
    samples.push({
      memory: each(usageOf(processes), ({ memoryBytes }) => memoryBytes),
      handles: each(processes, (pid) => readdirSync(`/proc/${pid}/fd`).length),
      behind: sum(outboxes.map(({ waiting }) => waiting)) + sum(lags.map((lag) => lag.behind)),
    });
    await sleep(everyMs, undefined, { signal: stop }).catch(() => {});
  }
  await Promise.all(serviceNames.map((name) => sqls[name].end()));
}

function each<T>(record: Record<string, T>, value: (it: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, it]) => [name, value(it)]));
}

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
const mean = (list: readonly number[]): number => (list.length === 0 ? 0 : sum(list) / list.length);
