import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runSandbox } from '../commands/sandbox.ts';
import { Failure } from '../failure.ts';
import type { StepTimes } from './run-load.ts';

/** As the load generator writes it. */
export type PartFigures = {
  codesPerSecond: number;
  checksPerSecond: number;
  gatewayCallsPerSecond: number;
  entriesReadPerSecond: number;
  steps: StepTimes;
};

/** Trace codes taken in and checked, and the gateway by itself: each for so many seconds. */
export async function measureParts(hubFile: string, seconds: number, signal: AbortSignal): Promise<PartFigures> {
  const file = join(dirname(hubFile), 'parts-report.json');
  rmSync(file, { force: true });
  await runSandbox(['parts', '--hub', hubFile, '--report', file, '--seconds', String(seconds)], signal);
  signal.throwIfAborted();
  if (!existsSync(file)) throw new Failure('The parts could not be loaded; the reason stands above.');
  return JSON.parse(readFileSync(file, 'utf8')) as PartFigures;
}
