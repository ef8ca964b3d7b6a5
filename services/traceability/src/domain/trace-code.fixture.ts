// Packages of requirements 10.1: D1 (8100001…) and D3 (8100003…) held by P1 and P3.
import type { TraceCode } from './trace-code.ts';

export const P1 = 'P42010600001';
export const P3 = 'P42050200003';
export const D1 = 'XL01XEA298A001010190001';
export const D3 = 'XC09DXS255A001010190003';
export const RECEIVED_AT = new Date('2025-06-01T08:00:00+08:00');
export const AT = new Date('2025-06-06T12:00:00+08:00');

/** The package of D1 with this serial. */
export const d1 = (serial: number): string => `8100001${String(serial).padStart(13, '0')}`;
export const d3 = (serial: number): string => `8100003${String(serial).padStart(13, '0')}`;

/** A package held by P1 in this state; a taken one by another sale. */
export function pack(state: TraceCode['state'], traceCode = d1(1), holderId = P1): TraceCode {
  const taken = state === 'RESERVED' || state === 'SOLD' || state === 'HANDED_OVER';
  return {
    traceCode,
    drugCode: traceCode.startsWith('8100001') ? D1 : D3,
    batchNo: 'B-2025-01',
    holderId,
    noteId: 'n0',
    state,
    since: RECEIVED_AT,
    sale: taken ? { saleId: 'other-sale', lineNo: 2 } : undefined,
    handedOver: state === 'HANDED_OVER',
    clearedAt: undefined,
    parentCode: state === 'PACKED' ? d1(1_000) : undefined,
    parts: state === 'OPENED' ? 2 : 0,
    recalledAt: state === 'RECALLED' ? RECEIVED_AT : undefined,
  };
}
