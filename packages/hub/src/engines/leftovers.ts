import { existsSync } from 'node:fs';
import { endProcesses, processesWithArgument } from '../process/find-processes.ts';
import { resultFiles, resultsFlag } from '../testing/result-files.ts';
import { kafkaMark } from './kafka.ts';
import { existingData } from './postgres/home.ts';

/** Carried by every service process of a data folder, so that they can be told from those of other hubs. */
export const serviceMark = (dataDir: string): string => `--data-dir=${dataDir}`;

type Signals = readonly { signal: NodeJS.Signals; graceMs: number }[];

const testRunner: Signals = [
  { signal: 'SIGTERM', graceMs: 3_000 },
  { signal: 'SIGKILL', graceMs: 2_000 },
];
// They drain by themselves when they lose their supervisor.
const services: Signals = [
  { signal: 'SIGTERM', graceMs: 13_000 },
  { signal: 'SIGKILL', graceMs: 2_000 },
];
const kafka: Signals = [
  { signal: 'SIGTERM', graceMs: 6_000 },
  { signal: 'SIGKILL', graceMs: 2_000 },
];
// SIGINT ends sessions and leaves clean files; SIGQUIT still takes the server's children along.
const postgres: Signals = [
  { signal: 'SIGINT', graceMs: 10_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 2_000 },
];

/**
 * Ends what a dead supervisor left running on a data folder; gives the arguments of what would not go because it is
 * another user's. What is started later is none of its business: a new supervisor may be at work already.
 */
export async function endLeftovers(dataDir: string): Promise<string[]> {
  const data = existingData(dataDir);
  const steps: [mark: string, signals: Signals][][] = [
    resultFiles(dataDir).map((file) => [resultsFlag(file), testRunner]),
    [[serviceMark(dataDir), services]],
    [
      [kafkaMark(dataDir), kafka],
      ...(data !== undefined && existsSync(data) ? [[data, postgres] as [string, Signals]] : []),
    ],
  ];
  const known = new Map(steps.flat().map(([mark]) => [mark, new Set(processesWithArgument(mark))]));
  const left: string[] = [];
  for (const step of steps) {
    await Promise.all(
      step.map(async ([mark, signals]) => {
        if (!(await endProcesses(mark, signals, known.get(mark)))) left.push(mark);
      }),
    );
  }
  return left;
}
