import { isRefused, type Refused } from '@erx/errors';
import { type ReleaseLockRequest, ReleaseLockResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import type { Deps } from '../deps.ts';
import { findTaken } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/** The pharmacy gives the prescription back (SM-4). Needs no grant: the patient may have left. */
export async function releaseLock(
  deps: Deps,
  { prescriptionId, reason }: ReleaseLockRequest,
  call: Call,
): Promise<ReleaseLockResponse | Refused> {
  const earlier = await earlierAnswer(deps.database, call, ReleaseLockResponse);
  if (earlier !== undefined) return earlier;
  const taken = await findTaken(deps, prescriptionId, call);
  // The first attempt of this very request may have released it meanwhile.
  if (isRefused(taken)) return (await earlierAnswer(deps.database, call, ReleaseLockResponse)) ?? taken;
  return once(deps.database, call, 'prescription.release', ReleaseLockResponse, async (tx) => {
    const released = await stepOfVisit(tx, deps, prescriptionId, { type: 'ReleaseLock', reason }, call);
    return isRefused(released) ? released : { status: released.state.status };
  });
}
