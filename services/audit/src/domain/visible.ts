import type { EventFacts } from './event-facts.ts';

/** An event of a history, with what the record knows beside its bytes. */
export type Sighted = {
  facts: EventFacts;
  /** Prescription that it was found under; a refusal has no other tie to it. */
  ofPrescription: string;
  /** It has a number in the reader's division. */
  inDivision: boolean;
};

/** `personId`: whom the reader's grant is about. */
export type Reader = { role: string; institutionId: string; personId: string };

/**
 * What a reader may see of a history (CX-7c): a regulator and an agency what concerns their division; a hospital the
 * chains of what it prescribed; a pharmacy what names it or belongs to its sales, and how the prescriptions that it sold
 * came to be; a patient the own chains and who looked at them. All events of the chains in question are needed to tell.
 */
export function visibleTo<E extends Sighted>(reader: Reader, events: readonly E[]): E[] {
  switch (reader.role) {
    case 'REGULATOR':
    case 'AGENCY':
      return events.filter(({ inDivision }) => inDivision);
    case 'HOSPITAL':
      return reader.institutionId === '' ? [] : toHospital(reader, events);
    case 'PHARMACY':
      return reader.institutionId === '' ? [] : toPharmacy(reader, events);
    case 'PATIENT':
      return reader.personId === '' ? [] : toPatient(reader, events);
    default:
      return [];
  }
}

function toHospital<E extends Sighted>({ institutionId }: Reader, events: readonly E[]): E[] {
  const own = chains(events.filter(({ facts }) => facts.hospitalId === institutionId));
  return events.filter(
    ({ facts, ofPrescription }) => own.has(ofPrescription) || facts.actor?.institutionId === institutionId,
  );
}

function toPharmacy<E extends Sighted>({ institutionId }: Reader, events: readonly E[]): E[] {
  const naming = events.filter(({ facts }) => facts.institutions.includes(institutionId));
  const sales = new Set(naming.map(({ facts }) => facts.saleId).filter((id) => id !== ''));
  const sold = chains(naming.filter(({ facts }) => facts.saleId !== ''));
  const shown = new Set(naming);
  return events.filter(
    (event) =>
      shown.has(event) ||
      sales.has(event.facts.saleId) ||
      (event.facts.hospitalId !== '' && sold.has(event.ofPrescription)),
  );
}

function toPatient<E extends Sighted>({ personId }: Reader, events: readonly E[]): E[] {
  const isOwn = ({ facts }: E) => facts.persons.includes(personId);
  const own = chains(events.filter((event) => event.facts.hospitalId !== '' && isOwn(event)));
  return events.filter((event) => own.has(event.ofPrescription) || (event.ofPrescription === '' && isOwn(event)));
}

function chains(events: readonly Sighted[]): Set<string> {
  return new Set(events.map(({ ofPrescription }) => ofPrescription).filter((id) => id !== ''));
}
