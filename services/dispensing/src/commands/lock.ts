import { randomUUID } from 'node:crypto';
import { isRefused, type Refused } from '@erx/errors';
import { type LockRequest, LockResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { addHours } from '@erx/values';

import type { Deps } from '../deps.ts';
import { viewOf } from '../queries/prescription-view.ts';
import { meetToServe } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/** SM-4: a lock that nobody gives back ends by itself. */
const LOCK_HOURS = 24;

/** 接单: the pharmacy that the patient chose takes the prescription. Of two at one instant the second is refused. */
export async function lock(deps: Deps, request: LockRequest, call: Call): Promise<LockResponse | Refused> {
  const earlier = await earlierAnswer(deps.database, call, LockResponse);
  if (earlier !== undefined) return earlier;
  const met = await meetToServe(deps, request, call);
  if (isRefused(met)) return met;
  const lockId = randomUUID();
  const until = addHours(call.at, LOCK_HOURS);
  const { personId } = met.grant;
  return once(deps.database, call, 'prescription.lock', LockResponse, async (tx) => {
    const asked = { type: 'Lock', lockId, personId, until } as const;
    const locked = await stepOfVisit(tx, deps, request.prescriptionId, asked, call);
    if (isRefused(locked)) return locked;
    const prescription = viewOf(locked, call.actor.institutionId, call.at, deps.reference);
    return { lockId, lockedUntil: until, prescription };
  });
}
