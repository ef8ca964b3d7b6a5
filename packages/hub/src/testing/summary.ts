import { existsSync, readFileSync } from 'node:fs';

export type Result = { name: string; file: string; outcome: 'passed' | 'failed' | 'skipped'; duration: number };

export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Result);
}

/**
 * The counts over all runs; the last line is for people and scripts alike. `succeeded`: what the runner itself said; it also
 * fails for what happens outside of every test.
 */
export function summary(results: readonly Result[], succeeded: boolean): string {
  const count = (outcome: Result['outcome']): number => results.filter((it) => it.outcome === outcome).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const outside = 'No test failed, but something did outside of them: look for "Error:" above.';
  return [
    ...(succeeded || failed > 0 ? [] : [outside]),
    `# tests ${results.length}`,
    `# pass ${passed}`,
    `# fail ${failed}`,
    `# skipped ${skipped}`,
    `${passed} passed, ${failed} failed`,
  ].join('\n');
}
