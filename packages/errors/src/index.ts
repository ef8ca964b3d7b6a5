export { catalogue, isRefusalCode, type RefusalCode } from './catalogue.ts';
export type { CatalogueEntry, MustAct } from './catalogue-entry.ts';
export { documentOf } from './documents.ts';
export { isRefused, type Refusal, type Refused, refusal, refuse, UnavailableError } from './refusal.ts';
