import { isRefused, type Refused } from '@erx/errors';
import type { CallContext } from '@erx/rpc';
import type { SystemClient } from './peers.ts';

/**
 * A check before the owner of a write refused. A repeat must get its first answer although the world has moved on since
 * (a grant is over, a key was withdrawn): where the owner knows the key, it decides by what it stored. `ask` sends the
 * request with empty content, which the owner never looks at then.
 */
export async function settleRepeat<T>(
  refused: Refused,
  context: CallContext,
  owner: SystemClient,
  ask: () => Promise<T | Refused>,
): Promise<T | Refused> {
  const known = await owner.getRequest({ key: context.request?.key ?? '' }, { actor: context.actor });
  return isRefused(known) || known.state === 'NONE' ? refused : ask();
}
