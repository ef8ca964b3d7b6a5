import { type Drug, drugs, inScheme, soldAtCounter } from './drugs.ts';
import type { Institution } from './institutions.ts';
import type { NoteRecord } from './records.ts';

/** Packages of each stocked drug that the world brings. */
export const STOCK_PER_DRUG = 40;
/** Plays leave the first packages alone: 81000010000000000001 … belong to the fixtures of requirements 10.1. */
export const FIRST_SERIAL_OF_PLAYS = 11;
/** Far above: packages that plays deliver themselves. */
export const FIRST_SERIAL_OF_OWN_BATCHES = 500_000_001;

/**
 * Trace code of a package: seven digits of the product, four of the pharmacy, nine of the package, counted from 1.
 * P1 is the first pharmacy, so that its first package of D1 is 81000010000000000001.
 */
export function traceCode(drug: Drug, pharmacyIndex: number, serial: number): string {
  return drug.tracePrefix + String(pharmacyIndex).padStart(4, '0') + String(serial).padStart(9, '0');
}

/** The fixture drugs of the province, every second other drug for the counter, and injections where there is cold chain. */
export function assortment(pharmacy: Institution, pharmacyIndex: number): Drug[] {
  const { province } = pharmacy;
  const counter = drugs.filter((drug) => soldAtCounter(drug, province));
  const cold = drugs.filter((drug) => inScheme(drug, province) && drug.record.injectable && drug.fixture !== '');
  return [
    ...counter.filter((drug, place) => drug.fixture !== '' || (place + pharmacyIndex) % 2 === 0),
    ...(pharmacy.record.coldChain ? cold : []),
  ];
}

/** Delivery note for packages `from` to `to` of a drug at a pharmacy. */
export function deliveryNote(
  pharmacy: Institution,
  pharmacyIndex: number,
  drug: Drug,
  from: number,
  to: number,
): NoteRecord {
  return {
    noteId: `SB-${pharmacy.record.institutionId}-${drug.tracePrefix}-${from}`,
    holderId: pharmacy.record.institutionId,
    drugCode: drug.record.drugCode,
    batchNo: `SB${drug.tracePrefix.slice(2)}`,
    expiresOn: '2036-12-31',
    traceCodes: Array.from({ length: to - from + 1 }, (_, index) => traceCode(drug, pharmacyIndex, from + index)),
  };
}

export function makeNotes(pharmacies: readonly Institution[]): NoteRecord[] {
  return pharmacies.flatMap((pharmacy, index) =>
    assortment(pharmacy, index).map((drug) => deliveryNote(pharmacy, index, drug, 1, STOCK_PER_DRUG)),
  );
}
