// The hold of one sale on its packages: idempotent by sale, and closed for good once released. Pure.
import { type Refused, refuse } from '@erx/errors';

/** `content`: hash of what was asked for, in hex. */
export type Reservation =
  | { state: 'NONE' }
  | { state: 'RESERVED'; content: string }
  | { state: 'RELEASED' }
  | { state: 'SOLD'; content: string };

export type ReservationCommand = { type: 'Reserve'; content: string } | { type: 'Release' } | { type: 'Sell' };

export type ReservationEvent = { type: 'Reserved'; content: string } | { type: 'Released' } | { type: 'Sold' };

/** Which command is allowed in which state; a loop is a repeat without effect. */
export const transitions = [
  { from: 'NONE', command: 'Reserve', to: 'RESERVED' },
  { from: 'NONE', command: 'Release', to: 'RELEASED' },
  { from: 'RESERVED', command: 'Reserve', to: 'RESERVED' },
  { from: 'RESERVED', command: 'Release', to: 'RELEASED' },
  { from: 'RESERVED', command: 'Sell', to: 'SOLD' },
  { from: 'RELEASED', command: 'Release', to: 'RELEASED' },
  { from: 'SOLD', command: 'Reserve', to: 'SOLD' },
  { from: 'SOLD', command: 'Sell', to: 'SOLD' },
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
  }
}

export function evolve(reservation: Reservation, event: ReservationEvent): Reservation {
  switch (event.type) {
    case 'Reserved':
      return { state: 'RESERVED', content: event.content };
    case 'Released':
      return { state: 'RELEASED' };
    case 'Sold':
      if (reservation.state !== 'RESERVED') throw new Error(`a ${reservation.state} reservation cannot become sold`);
      return { state: 'SOLD', content: reservation.content };
  }
}
