import { isRefused } from '@erx/errors';
import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { EventContext } from '@erx/proto/common/v1/common';
import { decide } from '../domain/decide.ts';
import type { Command } from '../domain/prescription.ts';
import { stepsOf } from '../domain/steps.ts';
import { lockPrescription, onTheWay, saveProgress } from '../store/prescription-store.ts';
import { type Act, appendSteps } from '../store/step-store.ts';

/** Business time of what was reported, and how long its prescription is kept. */
export type Followed = { at: Date; retainUntil: Date };

export type Report = ConsumedEvent & { payload: { context?: EventContext | undefined; prescriptionId: string } };

/**
 * Brings the hospital's view to where dispensing says the prescription is, with the time and actor of that step. What
 * dispensing reports has happened, so a contradiction (unknown prescription, an order that cannot be) is thrown: the event
 * is parked, and the books show it.
 */
export async function followDispensing(tx: Tx, { id, payload }: Report, command: Command): Promise<Followed> {
  const { prescriptionId, context } = payload;
  const row = await lockPrescription(tx, prescriptionId);
  const current = row && onTheWay(row);
  if (row === undefined || current === undefined)
    throw new Error(`${command.type} reported of a prescription that never left`);
  const decision = decide(current, [command]);
  if (isRefused(decision)) throw new Error(`${command.type} reported of a ${current.state} prescription`);
  const { prescription, events } = decision;
  const act = actOf(context, id);
  await Promise.all([
    saveProgress(tx, prescriptionId, { prescription, eventId: id }),
    appendSteps(tx, prescriptionId, events.flatMap(stepsOf), act),
  ]);
  return { at: act.at, retainUntil: row.retainUntil };
}

function actOf(context: EventContext | undefined, eventId: string): Act {
  const { actor, judgement } = context ?? {};
  const { businessTime: at, machineTime: machineAt, profileVersion } = judgement ?? {};
  if (actor === undefined || at === undefined || machineAt === undefined || profileVersion === undefined) {
    throw new Error('the event does not say who and when');
  }
  return { actor, at, machineAt, profileVersion, eventId };
}
