import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The last entry's leaf in the log, and the newest checkpoint (signed note) that was seen. */
export type LogPlace = { logId: number; index: number; checkpoint: string };
/** How far a reader has dealt with its division. */
export type Standing = { number: number; log?: LogPlace };
export type Place = {
  get(): Standing;
  set(standing: Standing): void;
  /** Keeps at once what waits to be kept: called when a reader ends. */
  flush(): void;
};

/** A file for each entry would take longer than to read and verify it. */
const WRITE_AFTER_MS = 100;

/**
 * Keeps the place in a file, replaced as a whole, ten times a second: a reader that is killed reads the last entries twice,
 * never skips one.
 */
export function filePlace(file: string): Place {
  let newest: Standing | undefined;
  let due: NodeJS.Timeout | undefined;
  const write = (): void => {
    due = undefined;
    writeFileSync(`${file}.new`, `${JSON.stringify(newest)}\n`);
    renameSync(`${file}.new`, file);
  };
  return {
    get: () => newest ?? (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Standing) : { number: 0 }),
    set(standing) {
      newest = standing;
      due ??= setTimeout(write, WRITE_AFTER_MS);
    },
    flush() {
      if (due === undefined) return;
      clearTimeout(due);
      write();
    },
  };
}
