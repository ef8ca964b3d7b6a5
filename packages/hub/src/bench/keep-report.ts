import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../commands/context.ts';
import { writeAtomically } from '../write-atomically.ts';

/** Writes figures into bench-report.json, beside what another measurement left there. */
export function keepReport({ dataDir, progress }: Context, figures: object): void {
  const path = join(dataDir, 'bench-report.json');
  const earlier = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  writeAtomically(path, `${JSON.stringify({ ...earlier, ...figures }, undefined, 2)}\n`);
  progress(`report: ${path}`);
}
