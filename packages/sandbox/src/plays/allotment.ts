import type { Drug } from '../world/drugs.ts';
import type { Institution } from '../world/institutions.ts';
import type { NoteRecord } from '../world/records.ts';
import {
  assortment,
  deliveryNote,
  FIRST_SERIAL_OF_OWN_BATCHES,
  FIRST_SERIAL_OF_PLAYS,
  STOCK_PER_DRUG,
  traceCode,
} from '../world/stock.ts';

/** Next package of each pharmacy and drug, `P1…/8100001`, kept from one run to the next. */
export type Shelf = Record<string, number>;

/**
 * Gives each play packages of its own, so that two plays fight for one only where that is the point. What the world's
 * stock does not have is ordered: `orders` are the notes that have to be received before the curtain rises.
 */
export class Allotment {
  readonly shelf: Shelf;
  readonly #pharmacies: readonly Institution[];
  readonly #received: Shelf;
  readonly #taken = new Map<string, { pharmacy: number; drug: Drug }>();

  /** `shelf` as an earlier run left it. */
  constructor(pharmacies: readonly Institution[], shelf: Shelf) {
    this.#pharmacies = pharmacies;
    this.shelf = { ...shelf };
    this.#received = { ...shelf };
  }

  take(pharmacy: Institution, drug: Drug, packs: number): string[] {
    const index = this.#pharmacies.indexOf(pharmacy);
    const place = `${pharmacy.record.institutionId}/${drug.tracePrefix}`;
    const first = this.shelf[place] ?? FIRST_SERIAL_OF_PLAYS;
    this.shelf[place] = first + packs;
    this.#taken.set(place, { pharmacy: index, drug });
    return Array.from({ length: packs }, (_, offset) => traceCode(drug, index, first + offset));
  }

  /** Packages that nobody has delivered yet: the play itself does, as a batch of their own. */
  undelivered(pharmacy: Institution, drug: Drug, packs: number): string[] {
    const index = this.#pharmacies.indexOf(pharmacy);
    const place = `${pharmacy.record.institutionId}/${drug.tracePrefix}/own`;
    const first = this.shelf[place] ?? FIRST_SERIAL_OF_OWN_BATCHES;
    this.shelf[place] = first + packs;
    return Array.from({ length: packs }, (_, offset) => traceCode(drug, index, first + offset));
  }

  orders(): NoteRecord[] {
    return [...this.#taken].flatMap(([place, { pharmacy, drug }]) => {
      const institution = this.#pharmacies[pharmacy];
      if (institution === undefined) return [];
      const isStocked = assortment(institution, pharmacy).includes(drug);
      // An earlier run received everything up to its shelf mark.
      const from = Math.max(isStocked ? STOCK_PER_DRUG + 1 : FIRST_SERIAL_OF_PLAYS, this.#received[place] ?? 0);
      const to = (this.shelf[place] ?? 0) - 1;
      return to < from ? [] : [deliveryNote(institution, pharmacy, drug, from, to)];
    });
  }
}
