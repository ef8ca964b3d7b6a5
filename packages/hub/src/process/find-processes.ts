import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Living processes that were started with exactly this argument. Names what a killed supervisor left behind. */
export function processesWithArgument(argument: string): number[] {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? fromProc(argument) : fromPs(argument);
}

function fromProc(argument: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && argumentsOf(pid).includes(argument) && !isZombie(pid));
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // gone meanwhile
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

function fromPs(argument: string): number[] {
  return execFileSync('ps', ['-axwwo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => `${line} `.includes(` ${argument} `))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

/**
 * Sends each signal in turn until the processes with an argument are gone; `graceMs` is the wait after each. `among`:
 * leaves alone those that are not in it. False: some are still there, because they are another user's.
 */
export async function endProcesses(
  argument: string,
  signals: readonly { signal: NodeJS.Signals; graceMs: number }[],
  among?: ReadonlySet<number>,
): Promise<boolean> {
  const living = (): number[] => processesWithArgument(argument).filter((pid) => among?.has(pid) ?? true);
  for (const { signal, graceMs } of signals) {
    for (const pid of living()) signalProcess(pid, signal);
    const deadline = Date.now() + graceMs;
    while (living().length > 0 && Date.now() < deadline) await sleep(50);
  }
  return living().length === 0;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone meanwhile, or another user's: the caller looks again
  }
}
