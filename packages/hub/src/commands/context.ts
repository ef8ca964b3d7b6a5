import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { killAllKept } from '../process/keep-alive.ts';
import type { Progress } from '../progress.ts';

/** What every command gets. Aborted `signal`: the person wants it to end. */
export type Context = { dataDir: string; progress: Progress; signal: AbortSignal };

/** One Ctrl-C can arrive several times: from the terminal, npm and the bootstrap. */
const SAME_KEYSTROKE_MS = 500;

/**
 * The first signal asks to end in order, a later one ends everything at once. A lost parent (the bootstrap) counts as
 * the first.
 */
export function listenForTheEnd(): AbortSignal {
  const end = new AbortController();
  let asked = 0;
  const ask = (): void => {
    if (asked === 0) asked = Date.now();
    end.abort();
  };
  process.on('disconnect', ask);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked === 0 || Date.now() - asked < SAME_KEYSTROKE_MS) return ask();
      killAllKept();
      process.exit(130);
    });
  }
  return end.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  sleep(2 ** 31 - 1, undefined, { signal }).catch(() => {});

/** The gateway's port: ERX_HTTP_PORT, else 8080. */
export function httpPort(): number {
  return wholeNumber('ERX_HTTP_PORT', process.env['ERX_HTTP_PORT'] || '8080', 65_535);
}

export function wholeNumber(name: string, text: string, highest = 1_000_000): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= highest) return number;
  throw new Failure(`${name} must be a whole number from 1 to ${highest}, not "${text}".`);
}
