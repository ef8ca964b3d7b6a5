// SM-7a: the settlement of one sale, idempotent by sale, and closed for good once reversed. Pure.
import { type Refused, refuse } from '@erx/errors';

/** `content`: hash of what was asked for, in hex. NEVER_SETTLED: reversed before it came, so that it can never come. */
export type Settlement =
  | { state: 'NONE' | 'NEVER_SETTLED' }
  | { state: 'SETTLED' | 'CONFIRMED' | 'REVERSED'; content: string };

export type SettlementCommand = { type: 'Settle'; content: string } | { type: 'Confirm' } | { type: 'Reverse' };

export type SettlementEvent =
  | { type: 'Settled'; content: string }
  | { type: 'Confirmed' }
  | { type: 'Reversed' }
  | { type: 'Forbidden' };

/**
 * Which command is allowed in which state; a loop is a repeat without effect. A confirmed settlement is reversed with
 * its sale before the hand-over; the confirmation that comes after that is late and changes nothing.
 */
export const transitions = [
  { from: 'NONE', command: 'Settle', to: 'SETTLED' },
  { from: 'NONE', command: 'Reverse', to: 'NEVER_SETTLED' },
  { from: 'SETTLED', command: 'Settle', to: 'SETTLED' },
  { from: 'SETTLED', command: 'Confirm', to: 'CONFIRMED' },
  { from: 'SETTLED', command: 'Reverse', to: 'REVERSED' },
  { from: 'CONFIRMED', command: 'Settle', to: 'CONFIRMED' },
  { from: 'CONFIRMED', command: 'Confirm', to: 'CONFIRMED' },
  { from: 'CONFIRMED', command: 'Reverse', to: 'REVERSED' },
  { from: 'REVERSED', command: 'Confirm', to: 'REVERSED' },
  { from: 'REVERSED', command: 'Reverse', to: 'REVERSED' },
  { from: 'NEVER_SETTLED', command: 'Reverse', to: 'NEVER_SETTLED' },
] as const satisfies readonly {
  from: Settlement['state'];
  command: SettlementCommand['type'];
  to: Settlement['state'];
}[];

/** No events: a repeat. A sale id that comes again with other content is refused. */
export function decide(settlement: Settlement, command: SettlementCommand): { events: SettlementEvent[] } | Refused {
  const step = transitions.find(({ from, command: type }) => from === settlement.state && type === command.type);
  if (step === undefined) {
    return refuse('INVALID_STATE_TRANSITION', { state: settlement.state, command: command.type });
  }
  if (command.type === 'Settle' && 'content' in settlement && settlement.content !== command.content) {
    return refuse('REQUEST_INVALID', { state: settlement.state }, '/saleId');
  }
  if (step.from === step.to) return { events: [] };
  switch (command.type) {
    case 'Settle':
      return { events: [{ type: 'Settled', content: command.content }] };
    case 'Confirm':
      return { events: [{ type: 'Confirmed' }] };
    case 'Reverse':
      return { events: [{ type: settlement.state === 'NONE' ? 'Forbidden' : 'Reversed' }] };
  }
}

export function evolve(settlement: Settlement, event: SettlementEvent): Settlement {
  switch (event.type) {
    case 'Settled':
      return { state: 'SETTLED', content: event.content };
    case 'Forbidden':
      return { state: 'NEVER_SETTLED' };
    case 'Confirmed':
      if (settlement.state === 'SETTLED') return { ...settlement, state: 'CONFIRMED' };
      break;
    case 'Reversed':
      if (settlement.state === 'SETTLED' || settlement.state === 'CONFIRMED')
        return { ...settlement, state: 'REVERSED' };
      break;
  }
  throw new Error(`${event.type} cannot have happened to ${settlement.state}`);
}
