import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runSandbox } from '../commands/sandbox.ts';
import { Failure } from '../failure.ts';

export type Load = {
  /** At most so many lifecycles, the warm-up among them. */
  most: number;
  warmUp: number;
  seconds: number;
} & ({ concurrency: number } | { perSecond: number });

/** Milliseconds. */
export type StepTimes = Record<string, { count: number; p50: number; p95: number; p99: number }>;

/** As the load generator writes it. */
export type LoadReport = {
  lifecycles: number;
  wrong: string[];
  calls: number;
  seconds: number;
  steps: StepTimes;
  ranOut: boolean;
};

/** Lets the sandbox's programs live the plain way under this load; `onMeasuring` and `onMeasured` frame what counts. */
export async function runLoad(
  hubFile: string,
  { most, warmUp, seconds, ...pace }: Load,
  signal: AbortSignal,
  onMeasuring: () => void = () => {},
  onMeasured: () => void = () => {},
): Promise<LoadReport> {
  const file = join(dirname(hubFile), 'load-report.json');
  rmSync(file, { force: true });
  const onMessage = ({ type }: { type: string }): void => {
    if (type === 'measuring') onMeasuring();
    if (type === 'measured') onMeasured();
  };
  const speed =
    'perSecond' in pace ? ['--per-second', String(pace.perSecond)] : ['--concurrency', String(pace.concurrency)];
  const numbers = [
    '--prescriptions',
    String(most),
    '--warm-up',
    String(warmUp),
    '--seconds',
    String(seconds),
    ...speed,
  ];
  await runSandbox(['load', '--hub', hubFile, '--report', file, ...numbers], signal, onMessage);
  signal.throwIfAborted();
  if (!existsSync(file)) throw new Failure('The load could not be made; the reason stands above.');
  const report = JSON.parse(readFileSync(file, 'utf8')) as LoadReport;
  if (report.wrong.length > 0) throw new Failure(`A lifecycle went wrong: ${report.wrong[0]}`);
  return report;
}
