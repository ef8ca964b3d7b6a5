// The hold of one sale on its packages: idempotent by sale, and closed for good once released or returned. Pure.
import { type Refused, refuse } from '@erx/errors';

/** `content`: hash of what was asked for, in hex. */
export type Reservation =
  | { state: 'NONE' }
  | { state: 'RELEASED' }
  | { state: 'RESERVED' | 'SOLD' | 'HANDED_OVER' | 'RETURNED'; content: string };

export type ReservationCommand =
  | { type: 'Reserve'; content: string }
  | { type: 'Release' | 'Sell' | 'HandOver' | 'Return' };

export type ReservationEvent =
  | { type: 'Reserved'; content: string }
  | { type: 'Released' | 'Sold' | 'HandedOver' | 'Returned' };

/**
 * Which command is allowed in which state; a loop is a repeat without effect. A sale can be reversed before the news
 * of its completion came here: that news then has no effect.
 */
export const transitions = [
  { from: 'NONE', command: 'Reserve', to: 'RESERVED' },
  { from: 'NONE', command: 'Release', to: 'RELEASED' },
  { from: 'RESERVED', command: 'Reserve', to: 'RESERVED' },
  { from: 'RESERVED', command: 'Release', to: 'RELEASED' },
  { from: 'RESERVED', command: 'Sell', to: 'SOLD' },
  { from: 'RESERVED', command: 'Return', to: 'RETURNED' },
  { from: 'RELEASED', command: 'Release', to: 'RELEASED' },
  { from: 'SOLD', command: 'Reserve', to: 'SOLD' },
  { from: 'SOLD', command: 'Sell', to: 'SOLD' },
  { from: 'SOLD', command: 'HandOver', to: 'HANDED_OVER' },
  { from: 'SOLD', command: 'Return', to: 'RETURNED' },
  { from: 'HANDED_OVER', command: 'Reserve', to: 'HANDED_OVER' },
  { from: 'HANDED_OVER', command: 'Sell', to: 'HANDED_OVER' },
  { from: 'HANDED_OVER', command: 'HandOver', to: 'HANDED_OVER' },
  { from: 'RETURNED', command: 'Sell', to: 'RETURNED' },
  { from: 'RETURNED', command: 'Return', to: 'RETURNED' },
] as const satisfies readonly {
  from: Reservation['state'];
  command: ReservationCommand['type'];
  to: Reservation['state'];
}[];

/** No events: a repeat. A sale id that comes again with other content is refused. */
export function decide(
  reservation: Reservation,
  command: ReservationCommand,
): { events: ReservationEvent[] } | Refused {
  const step = transitions.find(({ from, command: type }) => from === reservation.state && type === command.type);
  if (step === undefined) {
    return refuse('INVALID_STATE_TRANSITION', { state: reservation.state, command: command.type });
  }
  if (command.type === 'Reserve' && 'content' in reservation && reservation.content !== command.content) {
    return refuse('REQUEST_INVALID', { state: reservation.state }, '/saleId');
  }
  if (step.from === step.to) return { events: [] };
  switch (command.type) {
    case 'Reserve':
      return { events: [{ type: 'Reserved', content: command.content }] };
    case 'Release':
      return { events: [{ type: 'Released' }] };
    case 'Sell':
      return { events: [{ type: 'Sold' }] };
    case 'HandOver':
      return { events: [{ type: 'HandedOver' }] };
    case 'Return':
      return { events: [{ type: 'Returned' }] };
  }
}

const after = { Sold: 'SOLD', HandedOver: 'HANDED_OVER', Returned: 'RETURNED' } as const;

export function evolve(reservation: Reservation, event: ReservationEvent): Reservation {
  if (event.type === 'Reserved') return { state: 'RESERVED', content: event.content };
  if (event.type === 'Released') return { state: 'RELEASED' };
  if (!('content' in reservation)) {
    throw new Error(`a ${reservation.state} reservation cannot become ${after[event.type]}`);
  }
  return { state: after[event.type], content: reservation.content };
}
