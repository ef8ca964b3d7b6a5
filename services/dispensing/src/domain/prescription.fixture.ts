import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Command, CommandType, Line, Lock, Prescription, Status } from './prescription.ts';

export const AT = new Date('2025-06-06T09:00:00+08:00');
export const later = (hours: number) => new Date(AT.getTime() + hours * 3_600_000);
export const P1 = 'P42010600001';
export const P3 = 'P42050200003';
export const FACTS = { historyViewRequired: true };

export function line(lineNo: number, packs: bigint): Line {
  const prescribed = packs * 10_000n;
  return { lineNo, prescribed, open: prescribed, held: 0n, sold: 0n, withdrawn: 0n, expired: 0n };
}

export const lock: Lock = {
  lockId: 'lock-1',
  pharmacyId: P1,
  personId: 'person-1',
  until: later(24),
  historyViewed: { by: 'YS1', at: AT },
};

export function saleLine(lineNo: number, packs: bigint): SaleLine {
  return { lineNo, drugCode: 'X', quantity: packs * 10_000n, unitPrice: 1_000_000n, traceCodes: [] };
}

const approved = { by: 'YS1', at: AT };

/** Two packs of one line; `sale-0` waits for its hand-over in every state that may have one. */
export function inState(status: Status): Prescription {
  const open = line(1, 2n);
  const core = { validUntil: later(72), lines: [open], awaitingHandOver: ['sale-0'] };
  switch (status) {
    case 'CIRCULATING':
      return { ...core, status };
    case 'LOCKED':
      return { ...core, status, lock };
    case 'PHARMACIST_APPROVED':
      return { ...core, status, lock, approved };
    case 'SELLING':
      return {
        ...core,
        lines: [{ ...open, open: 0n, held: open.prescribed }],
        status,
        lock,
        approved,
        saleId: 'sale-1',
      };
    case 'SETTLED':
      return { ...core, lines: [{ ...open, open: 0n, sold: open.prescribed }], status };
    case 'HANDED_OVER':
      return { ...core, lines: [{ ...open, open: 0n, sold: open.prescribed }], awaitingHandOver: [], status };
  }
}

const amounts = { total: 2n, basic: 0n, serious: 0n, aid: 0n, patient: 2n, lines: [] };
const receipt = { recipientPersonId: 'person-1', signatureSealed: new Uint8Array(), listSm3: '' };

/** Asked by the pharmacy that holds the lock, at the time of the lock, as well as it can be asked. */
export function commandOf(type: CommandType, change: Partial<Command> = {}): Command {
  const head = { pharmacyId: P1, at: AT };
  const all: Record<CommandType, Command> = {
    Lock: { ...head, type: 'Lock', lockId: 'lock-2', personId: 'person-1', until: later(24) },
    ReleaseLock: { ...head, type: 'ReleaseLock', reason: '参保人离店' },
    ViewHistory: { ...head, type: 'ViewHistory', pharmacistId: 'YS1' },
    Approve: { ...head, type: 'Approve', pharmacistId: 'YS1', evidence: undefined },
    RefuseByPharmacist: {
      ...head,
      type: 'RefuseByPharmacist',
      pharmacistId: 'YS1',
      reason: '用法',
      evidence: undefined,
    },
    BeginSale: { ...head, type: 'BeginSale', saleId: 'sale-1', lines: [saleLine(1, 1n)] },
    CommitSale: {
      ...head,
      type: 'CommitSale',
      saleId: 'sale-1',
      sale: { personId: 'person-1', settlementId: 's', lines: [], amounts },
    },
    AbandonSale: { ...head, type: 'AbandonSale', saleId: 'sale-1', refusals: [] },
    HandOver: { ...head, type: 'HandOver', saleId: 'sale-0', receipt },
  };
  return { ...all[type], ...change } as Command;
}

export const statuses = [
  'CIRCULATING',
  'LOCKED',
  'PHARMACIST_APPROVED',
  'SELLING',
  'SETTLED',
  'HANDED_OVER',
] as const satisfies readonly Status[];

export const commandTypes = [
  'Lock',
  'ReleaseLock',
  'ViewHistory',
  'Approve',
  'RefuseByPharmacist',
  'BeginSale',
  'CommitSale',
  'AbandonSale',
  'HandOver',
] as const satisfies readonly CommandType[];
