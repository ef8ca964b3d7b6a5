import type { Database } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { ErasureList } from './erasure-list.ts';
import type { IssuingClient } from './outbound/issuing.ts';
import type { People } from './outbound/people.ts';
import type { RegistryClient } from './outbound/registry.ts';
import type { LookupKey } from './sealing/lookup-key.ts';
import type { Sealing } from './sealing/sealing.ts';

/** What the use cases work with. */
export type Parts = {
  database: Database;
  reference: Lookups;
  registry: RegistryClient;
  issuing: IssuingClient;
  erasures: ErasureList;
  people: People;
  sealing: Sealing;
  lookupKey: LookupKey;
};
