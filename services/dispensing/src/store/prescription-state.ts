import type { Cause, Core, Lock, Prescription } from '../domain/prescription.ts';
import type { prescription } from './tables.ts';

type Row = typeof prescription.$inferSelect;

/** The state that a row stands for. The table's constraints say that what belongs together is there together. */
export function stateOf(row: Row, rest: Pick<Core, 'lines' | 'awaitingHandOver' | 'reversing'>): Prescription {
  const core: Core = {
    ...rest,
    validUntil: row.validUntil,
    signerId: row.signerId,
    withdrawal: causeOf(row.withdrawalReason, row.withdrawalAt),
    hold: causeOf(row.holdReason, row.holdAt),
    endedLockOf: row.endedLockPharmacyId,
  };
  switch (row.status) {
    case 'CIRCULATING':
    case 'ON_HOLD':
    case 'SETTLED':
    case 'HANDED_OVER':
    case 'WITHDRAWN':
    case 'EXPIRED':
      return { ...core, status: row.status };
    case 'LOCKED':
      return { ...core, status: row.status, lock: lockOf(row) };
    case 'PHARMACIST_APPROVED':
      return { ...core, status: row.status, lock: lockOf(row), approved: approvalOf(row) };
    case 'SELLING': {
      if (row.sellingSaleId === null) break;
      return { ...core, status: row.status, lock: lockOf(row), approved: approvalOf(row), saleId: row.sellingSaleId };
    }
  }
  throw new Error(`a prescription cannot be stored as ${row.status}`);
}

function causeOf(reason: string | null, at: Date | null): Cause | undefined {
  return reason === null || at === null ? undefined : { reason, at };
}

function lockOf({ lockId, lockPharmacyId, lockPersonId, lockUntil, ...row }: Row): Lock {
  if (lockId === null || lockPharmacyId === null || lockPersonId === null || lockUntil === null) {
    throw new Error(`a ${row.status} prescription is stored without its lock`);
  }
  const { historyViewedBy: by, historyViewedAt: at } = row;
  const historyViewed = by === null || at === null ? undefined : { by, at };
  return { lockId, pharmacyId: lockPharmacyId, personId: lockPersonId, until: lockUntil, historyViewed };
}

function approvalOf({ approvedBy: by, approvedAt: at, status }: Row) {
  if (by === null || at === null) throw new Error(`a ${status} prescription is stored without its approval`);
  return { by, at };
}
