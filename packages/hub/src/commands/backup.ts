import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keysBeside } from '../backup/layout.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { Failure } from '../failure.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import type { Context } from './context.ts';

/** `npm run backup [-- --to <folder>]`: copies the living hub into a new folder, the keys into another beside it. */
export async function backup(args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  const { values } = parseArgs({ args, options: { to: { type: 'string' } } });
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  const name = `backup-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const to = values.to === undefined ? join(dataDir, 'backups', name) : resolve(values.to);
  const { madeAt } = await makeBackup({ dataDir, hub, to, progress });
  progress(`the hub of ${madeAt} is in ${to}`);
  console.log(`The keys of personal data are in ${keysBeside(to)}: keep them elsewhere.`);
  return 0;
}
