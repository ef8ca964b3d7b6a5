import type { Database } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { People } from './outbound/people.ts';
import type { RegistryClient } from './outbound/registry.ts';
import type { LookupKey } from './sealing/lookup-key.ts';
import type { Sealing } from './sealing/sealing.ts';

/** What the use cases work with. */
export type Parts = {
  database: Database;
  reference: Lookups;
  registry: RegistryClient;
  people: People;
  sealing: Sealing;
  lookupKey: LookupKey;
};
