import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused } from '@erx/errors';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import type { Logger } from '@erx/telemetry';
import { ownAct } from '../../act.ts';
import { findDue, lockDue } from '../../store/due-store.ts';
import { findDueSigners } from '../../store/signer-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';
import { judgeDueSigner } from './hold.ts';

export type SweepDeps = {
  database: Database;
  reference: Lookups;
  clock: BusinessClock;
  log: Logger;
  /** Machine time between two looks, in milliseconds. */
  everyMs: number;
};

const AT_ONCE = 200;

/**
 * Writes what the business clock has done: locks that timed out, prescriptions that expired, admissions that ended. Every
 * decision looks at the clock itself, so nothing depends on when the sweep comes. Any number of processes may sweep.
 */
export function startSweep(deps: SweepDeps): AsyncDisposable {
  const stop = new AbortController();
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await sweep(deps, stop.signal).catch((error: unknown) => deps.log.warn({ err: error }, 'nothing could be swept'));
      await sleep(deps.everyMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  }
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

async function sweep(deps: SweepDeps, stop: AbortSignal): Promise<void> {
  const now = deps.clock.now();
  const prescriptions = await findDue(deps.database, now, AT_ONCE);
  await each(deps, stop, prescriptions, (tx, prescriptionId) => passTime(tx, deps, prescriptionId));
  const signers = await findDueSigners(deps.database, now, AT_ONCE);
  await each(deps, stop, signers, (tx, signerId) => judgeDueSigner(tx, deps, signerId));
}

/** Each in a transaction of its own: one that fails does not keep the others waiting. */
async function each(
  { database, log }: SweepDeps,
  stop: AbortSignal,
  ids: readonly string[],
  work: (tx: Tx, id: string) => Promise<void>,
): Promise<void> {
  for (const id of ids) {
    if (stop.aborted) return;
    await inTransaction(database, (tx) => work(tx, id)).catch((error: unknown) =>
      log.warn({ err: error, id }, 'time could not be written'),
    );
  }
}

async function passTime(tx: Tx, { clock, reference }: SweepDeps, prescriptionId: string): Promise<void> {
  const stored = await lockDue(tx, prescriptionId, clock.now());
  if (stored === undefined) return;
  const act = ownAct(clock, stored.hospitalId, reference);
  const command = { type: 'PassTime', pharmacyId: '', at: act.at } as const;
  const changed = await changeOutsideVisit(tx, stored, command, act, reference);
  if (isRefused(changed)) throw new Error('time passes whatever the state');
}
