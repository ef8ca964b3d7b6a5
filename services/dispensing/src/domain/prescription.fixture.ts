import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import { coreOf } from './evolve-prescription.ts';
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

/** Everything open, nothing else. */
export function circulating(lines: Line[]): Prescription {
  return {
    status: 'CIRCULATING',
    validUntil: later(72),
    lines,
    awaitingHandOver: [],
    reversing: [],
    signerId: 'D1',
    withdrawal: undefined,
    hold: undefined,
    endedLockOf: '',
  };
}

/** Two packs of one line; `sale-0` waits for its hand-over in every state that may have one. */
export function inState(status: Status): Prescription {
  const open = line(1, 2n);
  const core = { ...coreOf(circulating([open])), awaitingHandOver: ['sale-0'] };
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
    case 'ON_HOLD':
      return { ...core, status, hold: { reason: 'DOCTOR_REVOKED', at: AT }, endedLockOf: P1 };
    case 'WITHDRAWN': {
      const lines = [{ ...open, open: 0n, withdrawn: open.prescribed }];
      return { ...core, lines, status, withdrawal: { reason: '诊断更正', at: AT }, endedLockOf: P1 };
    }
    case 'EXPIRED':
      return { ...core, lines: [{ ...open, open: 0n, expired: open.prescribed }], validUntil: AT, status };
  }
}

const amounts = { total: 2n, basic: 0n, serious: 0n, aid: 0n, patient: 2n, lines: [] };
const receipt = { recipientPersonId: 'person-1', signatureSealed: new Uint8Array(), listSm3: '', agentRelation: '' };

/** Asked by the pharmacy that holds the lock, at the time of the lock, as well as it can be asked. */
export function commandOf(type: CommandType, change: Partial<Command> = {}): Command {
  const head = { pharmacyId: P1, at: AT };
  const nobody = { pharmacyId: '', at: AT };
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
    BeginReversal: { ...head, type: 'BeginReversal', saleId: 'sale-0', reason: '扫错药', leftCounter: [] },
    CompleteReversal: {
      ...head,
      type: 'CompleteReversal',
      saleId: 'sale-0',
      settlementId: 's',
      lines: [saleLine(1, 1n)],
    },
    Withdraw: { ...nobody, type: 'Withdraw', reason: '诊断更正' },
    Hold: { ...nobody, type: 'Hold', reason: 'DOCTOR_REVOKED' },
    Resume: { ...nobody, type: 'Resume', doctorId: 'D2', evidence: undefined },
    PassTime: { ...nobody, type: 'PassTime' },
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
  'ON_HOLD',
  'WITHDRAWN',
  'EXPIRED',
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
  'BeginReversal',
  'CompleteReversal',
  'Withdraw',
  'Hold',
  'Resume',
  'PassTime',
] as const satisfies readonly CommandType[];
