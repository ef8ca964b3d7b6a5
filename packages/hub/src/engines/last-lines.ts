import { readFileSync } from 'node:fs';

/** The end of a log on one line, for a sentence. */
export function lastLines(file: string, count = 2): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-count).join(' / ').slice(-400);
  } catch {
    return 'no output';
  }
}
