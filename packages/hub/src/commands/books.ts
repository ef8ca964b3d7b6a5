import { runBooks } from '../books/main.ts';
import { Failure } from '../failure.ts';
import { hubFilePath } from '../paths.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import type { Context } from './context.ts';

/** `npm run books`: compares the books of the living hub. */
export async function books(_args: string[], { dataDir, signal }: Context): Promise<number> {
  if ((await findLivingHub(dataDir, signal)) === undefined) {
    throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  }
  const { balanced, lines } = await runBooks(hubFilePath(dataDir));
  console.log(lines.join('\n'));
  return balanced ? 0 : 1;
}
