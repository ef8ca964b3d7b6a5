import { Failure } from '../failure.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import { watchHub } from '../watch/watch-hub.ts';
import type { Context } from './context.ts';

/** `npm run watch [-- <number, trace code or id>]`: the way of a prescription and the hub's health, until Ctrl-C. */
export async function watch([wanted]: string[], { dataDir, signal }: Context): Promise<number> {
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  if (!(await watchHub({ dataDir, hub, wanted, signal }))) console.log('The hub has ended.');
  return 0;
}
