import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureGrowth } from '../bench/growth/measure-growth.ts';
import { growthLines, makeGrowthReport } from '../bench/growth/report.ts';
import { keepReport } from '../bench/keep-report.ts';
import { removePostgresData } from '../engines/postgres.ts';
import { openDataDir } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import type { Context } from './context.ts';

type Options = { seconds: number; concurrency: number; sizes: number[] };

/** `npm run bench -- --size 10000,100000`: on a hub of its own, of which nothing is left: it is gigabytes. */
export async function benchGrowth(context: Context, options: Options): Promise<number> {
  const folder = join(context.dataDir, 'bench-growth');
  removeAll(folder); // of a run that was ended
  const dataDir = openDataDir(folder);
  const { http: httpPort } = await choosePorts(dataDir, ['http']);
  try {
    const growth = makeGrowthReport(await measureGrowth({ ...context, ...options, dataDir, httpPort }));
    console.log(growthLines(growth).join('\n'));
    keepReport(context, { growth });
  } finally {
    removeAll(folder);
  }
  return 0;
}

function removeAll(folder: string): void {
  if (!existsSync(folder)) return;
  removePostgresData(folder);
  rmSync(folder, { recursive: true });
}
