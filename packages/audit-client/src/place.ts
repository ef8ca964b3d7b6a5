import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How far a reader has dealt with its division. */
export type Place = { get(): number; set(number: number): void };

/** Keeps the place in a file, replaced as a whole: a reader that is killed reads its last entry twice, never skips one. */
export function filePlace(file: string): Place {
  return {
    get: () => (existsSync(file) ? Number(JSON.parse(readFileSync(file, 'utf8')).number) : 0),
    set(number) {
      writeFileSync(`${file}.new`, `${JSON.stringify({ number })}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}
