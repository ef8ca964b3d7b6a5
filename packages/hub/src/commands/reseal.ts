import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@erx/postgres';
import { reseal as resealKeys } from '@erx/verification/reseal';
import { Failure } from '../failure.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import { writeAtomically } from '../write-atomically.ts';
import type { Context } from './context.ts';

/**
 * `npm run reseal`: wraps the data keys of all persons under a new hub key while the hub runs, and says which files of
 * former hub keys nothing uses any more. Killed, it goes on where it was.
 */
export async function reseal(_args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  const keyFile = join(hub.secrets, 'person-wrap.key');
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(openDatabase(hub.databases.verification, 2, 'reseal'), (it) => it.close());
  const id = await resealKeys({
    database,
    keyFile,
    replaceKey(former) {
      writeAtomically(former, readFileSync(keyFile));
      writeAtomically(keyFile, randomBytes(32));
    },
    signal,
    report: (done, all) => progress(`${done} of ${all} data keys are wrapped anew`),
  });
  progress(`all data keys are wrapped by hub key ${id}`);
  const former = readdirSync(hub.secrets).filter((name) => /^person-wrap\.key\.[0-9a-f]{16}$/.test(name));
  for (const name of former) console.log(`No data key uses ${join(hub.secrets, name)} any more: it may be removed.`);
  return 0;
}
