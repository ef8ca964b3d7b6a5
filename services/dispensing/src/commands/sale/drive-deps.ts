import type { Database } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import type { Logger } from '@erx/telemetry';
import type { Peers } from '../../outbound/peers.ts';
import type { SaleTiming } from './timing.ts';

/** What driving a sale or its reversal works with. */
export type DriveDeps = {
  database: Database;
  reference: Lookups;
  peers: Peers;
  clock: BusinessClock;
  timing: SaleTiming;
  log: Logger;
  stopping: AbortSignal;
};
