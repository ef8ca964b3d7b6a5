import type { Database } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { Peers } from './outbound/peers.ts';
import type { ReadQr } from './qr.ts';

/** What the use cases work with. */
export type Deps = { database: Database; reference: Lookups; peers: Peers; readQr: ReadQr };
