import { randomUUID } from 'node:crypto';
import { isRefused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';

import { actOf } from '../act.ts';
import { type Conflict, toQuarantine } from '../domain/conflict.ts';
import { decide, evolve } from '../domain/trace-code.ts';
import { codeConflict } from '../outbound/events.ts';
import { lockCodes, saveCodes } from '../store/code-store.ts';
import { insertConflicts } from '../store/conflict-store.ts';
import { recordMovement } from '../store/movement-store.ts';

/**
 * Records codes that were seen twice, each once however often the till repeats, with a CodeConflict for each; and takes
 * a sold code that appeared in a delivery out of circulation (QUARANTINED, its sale stays on record).
 */
export async function recordConflicts(
  tx: Tx,
  conflicts: readonly Conflict[],
  call: Call,
  reference: Lookups,
): Promise<void> {
  // Packages first, then the table of conflicts: whoever booked something already holds its packages.
  const sold = await lockCodes(tx, toQuarantine(conflicts));
  const placeOf = (holderId: string): string => reference.institution(holderId)?.division ?? '';
  const list = conflicts.map((conflict) => ({
    ...conflict,
    conflictId: randomUUID(),
    knownPlace: placeOf(conflict.known.holderId),
    claimedPlace: placeOf(conflict.claimed.holderId),
  }));
  const fresh = await insertConflicts(tx, list, call.at);
  const recorded = list.filter(({ conflictId }) => fresh.has(conflictId));
  const quarantined = [...sold.values()].flatMap((code) => {
    const decision = decide(code, { type: 'Quarantine', at: call.at });
    return isRefused(decision) ? [] : [decision.events.reduce(evolve, code)];
  });
  for (const [holderId, codes] of Map.groupBy(quarantined, (code) => code.holderId)) {
    await recordMovement(tx, { kind: 'QUARANTINED', holderId }, actOf(call, holderId, reference), codes);
  }
  await saveCodes(tx, quarantined);
  await appendToOutbox(
    tx,
    recorded.map((conflict) => {
      const { known, claimed } = conflict;
      const act = actOf(call, claimed.holderId, reference);
      return codeConflict(conflict, act, reference.territory([known.holderId, claimed.holderId]), call.causationId);
    }),
  );
}
