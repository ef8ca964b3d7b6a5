import type { Diagnosis } from '../world/diagnoses.ts';
import type { Drug } from '../world/drugs.ts';
import type { Institution } from '../world/institutions.ts';
import type { Person } from '../world/persons.ts';
import type { Practitioner } from '../world/practitioners.ts';

export type VisitLine = {
  drug: Drug;
  packs: number;
  days: number;
  /** Decimal text, yuan per pack. */
  unitPrice: string;
  /** Packages of the pharmacy set aside for this line, one for each pack. */
  codes: string[];
};

/** One prescription and where it is filled: who plays which part, decided before the curtain rises. */
export type Visit = {
  person: Person;
  hospital: Institution;
  doctor: Practitioner;
  hospitalPharmacist: Practitioner;
  category: string;
  diagnoses: Diagnosis[];
  lines: VisitLine[];
  consent: 'STATEMENT' | 'IMAGE';
  counter: Counter;
  /** Number of the prescription in its run: makes its signature images different from others. */
  number: number;
};

/** A pharmacy with the pharmacist on duty. */
export type Counter = { pharmacy: Institution; pharmacist: Practitioner };

/** What is bought in one visit: all lines of the prescription, or fewer packs. */
export type Basket = { lineNo: number; packs: number; unitPrice: string; codes: string[] }[];
