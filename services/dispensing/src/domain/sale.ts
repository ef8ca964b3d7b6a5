// A sale as a durable process: every step is on record before the next one begins. Pure.
import { type Refusal, type Refused, refuse } from '@erx/errors';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';

type Settled = { settlementId: string; amounts: Amounts };

export type Sale =
  /** Quantities are held. */
  | { state: 'INTENT' }
  /** Packs are reserved. */
  | { state: 'RESERVED' }
  | ({ state: 'SETTLED' } & Settled)
  /** The commit point: from here on only forward. */
  | ({ state: 'COMPLETED' } & Settled)
  | ({ state: 'HANDED_OVER' } & Settled)
  /** Being taken back before its hand-over (冲正): also only forward. */
  | ({ state: 'REVERSING' } & Settled)
  | ({ state: 'REVERSED' } & Settled)
  /** Given up: settlement and packs are being taken back. */
  | { state: 'RELEASING'; refusals: readonly Refusal[] }
  | { state: 'ABANDONED'; refusals: readonly Refusal[] };

export type SaleState = Sale['state'];

export type SaleCommand =
  | { type: 'RecordReserved' }
  | ({ type: 'RecordSettled' } & Settled)
  | { type: 'Commit' }
  | { type: 'GiveUp'; refusals: readonly Refusal[] }
  | { type: 'RecordReleased' }
  | { type: 'HandOver' }
  | { type: 'BeginReversal' }
  | { type: 'RecordReversed' };

export type SaleEvent =
  | { type: 'CodesReserved' }
  | ({ type: 'SaleSettled' } & Settled)
  | { type: 'SaleCommitted' }
  | { type: 'SaleGivenUp'; refusals: readonly Refusal[] }
  | { type: 'SaleReleased' }
  | { type: 'SaleHandedOver' }
  | { type: 'ReversalBegun' }
  | { type: 'SaleTakenBack' };

/** Which command is allowed in which state. */
export const saleTransitions = [
  { from: 'INTENT', command: 'RecordReserved', to: 'RESERVED' },
  { from: 'INTENT', command: 'GiveUp', to: 'RELEASING' },
  { from: 'RESERVED', command: 'RecordSettled', to: 'SETTLED' },
  { from: 'RESERVED', command: 'GiveUp', to: 'RELEASING' },
  { from: 'SETTLED', command: 'Commit', to: 'COMPLETED' },
  { from: 'SETTLED', command: 'GiveUp', to: 'RELEASING' },
  { from: 'RELEASING', command: 'RecordReleased', to: 'ABANDONED' },
  { from: 'COMPLETED', command: 'HandOver', to: 'HANDED_OVER' },
  { from: 'COMPLETED', command: 'BeginReversal', to: 'REVERSING' },
  { from: 'REVERSING', command: 'RecordReversed', to: 'REVERSED' },
] as const satisfies readonly { from: SaleState; command: SaleCommand['type']; to: SaleState }[];

export function decideSale(sale: Sale, command: SaleCommand): { events: SaleEvent[] } | Refused {
  if (!saleTransitions.some(({ from, command: type }) => from === sale.state && type === command.type)) {
    return refuse('INVALID_STATE_TRANSITION', { state: sale.state, command: command.type });
  }
  switch (command.type) {
    case 'RecordReserved':
      return { events: [{ type: 'CodesReserved' }] };
    case 'RecordSettled':
      return {
        events: [{ type: 'SaleSettled', settlementId: command.settlementId, amounts: command.amounts }],
      };
    case 'Commit':
      return { events: [{ type: 'SaleCommitted' }] };
    case 'GiveUp':
      return { events: [{ type: 'SaleGivenUp', refusals: command.refusals }] };
    case 'RecordReleased':
      return { events: [{ type: 'SaleReleased' }] };
    case 'HandOver':
      return { events: [{ type: 'SaleHandedOver' }] };
    case 'BeginReversal':
      return { events: [{ type: 'ReversalBegun' }] };
    case 'RecordReversed':
      return { events: [{ type: 'SaleTakenBack' }] };
  }
}

export function evolveSale(sale: Sale, event: SaleEvent): Sale {
  switch (event.type) {
    case 'CodesReserved':
      return { state: 'RESERVED' };
    case 'SaleSettled':
      return { state: 'SETTLED', settlementId: event.settlementId, amounts: event.amounts };
    case 'SaleGivenUp':
      return { state: 'RELEASING', refusals: event.refusals };
    case 'SaleCommitted':
      if (sale.state === 'SETTLED') return { ...sale, state: 'COMPLETED' };
      break;
    case 'SaleHandedOver':
      if (sale.state === 'COMPLETED') return { ...sale, state: 'HANDED_OVER' };
      break;
    case 'ReversalBegun':
      if (sale.state === 'COMPLETED') return { ...sale, state: 'REVERSING' };
      break;
    case 'SaleTakenBack':
      if (sale.state === 'REVERSING') return { ...sale, state: 'REVERSED' };
      break;
    case 'SaleReleased':
      if (sale.state === 'RELEASING') return { ...sale, state: 'ABANDONED' };
      break;
  }
  throw new Error(`${event.type} cannot have happened to a ${sale.state} sale`);
}
