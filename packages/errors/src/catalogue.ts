// One catalogue of codes serves REST, gRPC, events and the documentation.

import { filing } from './catalogue/filing.ts';
import { institution } from './catalogue/institution.ts';
import { person } from './catalogue/person.ts';
import { practitioner } from './catalogue/practitioner.ts';
import { prescription } from './catalogue/prescription.ts';
import { sale } from './catalogue/sale.ts';
import { technical } from './catalogue/technical.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

const all = { ...person, ...practitioner, ...institution, ...prescription, ...filing, ...sale, ...technical } as const;

export type RefusalCode = keyof typeof all;

export const catalogue: Readonly<Record<RefusalCode, CatalogueEntry>> = all;

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(catalogue, code);
}
