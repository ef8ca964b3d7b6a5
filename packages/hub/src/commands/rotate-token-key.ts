import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import { rotated, TOKEN_KEYS_FILE } from '../token-keys.ts';
import { writeAtomically } from '../write-atomically.ts';
import type { Context } from './context.ts';

/** `npm run rotate-token-key [-- --at-once]`: access tokens are signed by a new key from now on, while the hub runs. */
export async function rotateTokenKey(args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  const { values } = parseArgs({ args, options: { 'at-once': { type: 'boolean', default: false } } });
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  const file = join(hub.secrets, TOKEN_KEYS_FILE);
  writeAtomically(file, rotated(readFileSync(file, 'utf8'), new Date(), values['at-once']));
  progress('access tokens are signed by a new key');
  console.log(
    values['at-once']
      ? 'Tokens by the former key are refused from now on: clients ask for new ones.'
      : 'Tokens by the former key are good until they expire, within five minutes.',
  );
  return 0;
}
