import { isRefused, UnavailableError } from '@erx/errors';
import { isTransient } from '@erx/postgres';
import type { CallContext } from '@erx/rpc';
import type { SaleCommand } from '../../domain/sale.ts';
import { nextStep, type Step } from '../../domain/sale-steps.ts';
import { postpone, saveStep } from '../../store/sale-progress.ts';
import { findSale, type StoredSale } from '../../store/sale-store.ts';
import { takeBackSold } from '../reversal/finish-reversal.ts';
import type { DriveDeps } from './drive-deps.ts';
import { abandonSale, afterwards, commitSale } from './finish-sale.ts';
import { pauseAfter } from './timing.ts';

/**
 * Brings a sale or its reversal to its end, step by step, each on record before the next begins and idempotent by sale
 * id. Returns when there is nothing left to do, another process holds the lease, or a step got no answer; then it waits.
 */
export async function driveSale(deps: DriveDeps, saleId: string, leaseToken: string): Promise<void> {
  while (!deps.stopping.aborted) {
    const stored = await findSale(deps.database, saleId);
    if (stored?.leaseToken !== leaseToken) return;
    const step = nextStep(stored.sale, {
      now: deps.clock.now(),
      quoteExpiresAt: stored.quoteExpiresAt,
      attempts: stored.attempts,
      maxAttempts: deps.timing.maxAttempts,
    });
    if (step.do === 'NOTHING') return;
    try {
      if (!(await take(deps, stored, step))) return;
    } catch (error) {
      await wait(deps, stored, step, error);
      return;
    }
  }
}

/** False: the lease is lost. */
async function take(deps: DriveDeps, stored: StoredSale, step: Step): Promise<boolean> {
  switch (step.do) {
    case 'RESERVE':
      return record(deps, stored, await reserve(deps, stored));
    case 'SETTLE':
      return record(deps, stored, await settle(deps, stored));
    case 'GIVE_UP':
      return record(deps, stored, { type: 'GiveUp', refusals: step.refusals });
    case 'COMMIT': {
      const committed = await commitSale(deps, stored);
      if (!isRefused(committed)) return committed;
      return record(deps, stored, { type: 'GiveUp', refusals: committed.refused });
    }
    case 'RELEASE':
      await takeBack(deps, stored);
      return abandonSale(deps, stored);
    case 'TAKE_BACK':
      return takeBackSold(deps, stored);
    case 'NOTHING':
      return true;
  }
}

function record({ database, clock, timing }: DriveDeps, stored: StoredSale, command: SaleCommand): Promise<boolean> {
  const leaseUntil = new Date(clock.machine().getTime() + timing.leaseMs);
  return saveStep(database, stored, stored.sale.state, afterwards(stored.sale, command), leaseUntil);
}

async function reserve(deps: DriveDeps, stored: StoredSale): Promise<SaleCommand> {
  const reserved = await deps.peers.traceability.reserve(stored.reserveRequest, contextOf(deps, stored));
  return isRefused(reserved) ? { type: 'GiveUp', refusals: reserved.refused } : { type: 'RecordReserved' };
}

async function settle(deps: DriveDeps, stored: StoredSale): Promise<SaleCommand> {
  const { saleId, basis, quoteToken } = stored;
  const settled = await deps.peers.settlement.settle({ saleId, basis, quoteToken }, contextOf(deps, stored));
  if (isRefused(settled)) return { type: 'GiveUp', refusals: settled.refused };
  const { settlementId, amounts } = settled;
  if (amounts === undefined) throw new Error('a settlement without amounts');
  return { type: 'RecordSettled', settlementId, amounts };
}

/** Money first, then packs; both leave a tombstone, so that a step that is still on its way comes too late. */
async function takeBack(deps: DriveDeps, stored: StoredSale): Promise<void> {
  const { saleId, prescriptionId } = stored;
  const { settlement, traceability } = deps.peers;
  const context = contextOf(deps, stored);
  const reversed = await settlement.reverse({ saleId, prescriptionId }, context);
  if (isRefused(reversed)) throw new Error(`settlement does not take back: ${reversed.refused[0]?.code}`);
  const released = await traceability.release({ saleId, prescriptionId }, context);
  if (isRefused(released)) throw new Error(`traceability does not take back: ${released.refused[0]?.code}`);
}

function contextOf({ timing }: DriveDeps, { actor, startedEventId }: StoredSale): CallContext {
  return { actor, causationId: startedEventId, deadlineMs: timing.answerMs };
}

/** Nobody drives the sale until its pause is over. Should even this not be written, its lease ends by itself. */
async function wait(deps: DriveDeps, stored: StoredSale, { do: step }: Step, error: unknown): Promise<void> {
  const { database, clock, timing, log } = deps;
  const { saleId, attempts } = stored;
  const expected = error instanceof UnavailableError || isTransient(error);
  if (expected) log.warn({ err: error, saleId, step, attempts }, 'sale waits');
  else log.error({ err: error, saleId, step, attempts }, 'sale waits after an unexpected failure');
  const until = new Date(clock.machine().getTime() + pauseAfter(attempts, timing));
  await postpone(database, stored, until).catch((second: unknown) =>
    log.warn({ err: second, saleId }, 'lease runs out'),
  );
}
