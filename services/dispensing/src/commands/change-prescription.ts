import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { Act } from '../act.ts';
import { decide } from '../domain/decide-prescription.ts';
import { evolve } from '../domain/evolve-prescription.ts';
import type { Command, Event, Facts, Prescription } from '../domain/prescription.ts';
import { published } from '../outbound/events.ts';
import type { StoredPrescription } from '../store/prescription-store.ts';
import { savePrescription, saveQuantities } from '../store/save-prescription.ts';

/** Where it counts: hospital, insurance, the pharmacy that acts and the one whose lock this may end. */
function territoryOf({ state, hospitalId, insurance }: StoredPrescription, pharmacyId: string, reference: Lookups) {
  const locker = 'lock' in state ? state.lock.pharmacyId : pharmacyId;
  return reference.territory([hospitalId, pharmacyId, locker], insurance.poolingRegion);
}

export type ChangedPrescription = StoredPrescription & { happened: readonly Event[] };

/** Decides, writes the new state and its events. `stored` is locked by this transaction. */
export async function changePrescription(
  tx: Tx,
  stored: StoredPrescription,
  command: Command,
  facts: Facts,
  act: Act,
  reference: Lookups,
): Promise<ChangedPrescription | Refused> {
  const decision = decide(stored.state, command, facts);
  if (isRefused(decision)) return decision;
  if (decision.events.length === 0) return { ...stored, happened: [] };
  const state = decision.events.reduce<Prescription>(evolve, stored.state);
  const territory = territoryOf(stored, command.pharmacyId, reference);
  const events = published(decision.events, { ...stored, territory }, act);
  const lastEventId = events.at(-1)?.id ?? stored.lastEventId;
  await Promise.all([
    savePrescription(tx, stored.prescriptionId, state, lastEventId),
    decision.events.some(movesQuantities) ? saveQuantities(tx, stored.prescriptionId, state) : undefined,
    appendToOutbox(tx, events),
  ]);
  return { ...stored, state, lastEventId, happened: decision.events };
}

/** The same for what is no visit: no rule of a pharmacy's review is asked. */
export function changeOutsideVisit(
  tx: Tx,
  stored: StoredPrescription,
  command: Command,
  act: Act,
  reference: Lookups,
): Promise<ChangedPrescription | Refused> {
  return changePrescription(tx, stored, command, { historyViewRequired: false }, act, reference);
}

const movers: ReadonlySet<Event['type']> = new Set([
  'SaleStarted',
  'SaleCompleted',
  'SaleAbandoned',
  'SaleReversed',
  'PrescriptionWithdrawn',
  'PrescriptionExpired',
]);

function movesQuantities({ type }: Event): boolean {
  return movers.has(type);
}
