export { activeDesignation, inPeriod, keyAt, periodAt } from './periods.ts';
export type { DrugClass, ProfileValues } from './profile-values.ts';
export { openReference, type Reference } from './reference.ts';
export type { ResolvedProfile } from './resolve-profile.ts';
export { type Lookups, ReferenceStore } from './store.ts';
