import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The last entry's leaf in the log, and the newest checkpoint (signed note) that was seen. */
export type LogPlace = { logId: number; index: number; checkpoint: string };
/** How far a reader has dealt with its division. */
export type Standing = { number: number; log?: LogPlace };
export type Place = { get(): Standing; set(standing: Standing): void };

/** Keeps the place in a file, replaced as a whole: a reader that is killed reads its last entry twice, never skips one. */
export function filePlace(file: string): Place {
  return {
    get: () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Standing) : { number: 0 }),
    set(standing) {
      writeFileSync(`${file}.new`, `${JSON.stringify(standing)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}
