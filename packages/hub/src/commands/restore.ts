import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keysBeside } from '../backup/layout.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { Failure } from '../failure.ts';
import type { Context } from './context.ts';

/** `npm run restore -- --from <folder> [--keys <folder>] [--erasures <file>] [--checkpoint <file>]`: the hub of a backup. */
export async function restore(args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: 'string' },
      keys: { type: 'string' },
      erasures: { type: 'string' },
      checkpoint: { type: 'string' },
    },
  });
  if (values.from === undefined) throw new Failure('Say what to restore: npm run restore -- --from <folder>');
  const from = resolve(values.from);
  const keys = values.keys === undefined ? keysBeside(from) : resolve(values.keys);
  const erasures = values.erasures === undefined ? undefined : resolve(values.erasures);
  const checkpoint = values.checkpoint === undefined ? undefined : resolve(values.checkpoint);
  await restoreBackup({ dataDir, from, keys, erasures, checkpoint, progress, signal });
  progress('the hub can be started: npm run hub');
  return 0;
}
