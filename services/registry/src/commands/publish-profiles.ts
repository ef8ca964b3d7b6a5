import { type Database, inTransaction } from '@erx/postgres';
import { type BusinessClock, systemActor } from '@erx/rpc';
import { profiles } from '../../profiles/all.ts';
import { toPublished } from '../domain/profile/to-published.ts';
import type { Aggregate } from '../domain/reference/aggregate.ts';
import { eventContext } from '../outbound/event-context.ts';
import { lockReference } from '../store/aggregates.ts';
import { publishChanged } from './publish-changed.ts';

const NATION = '100000';

/** At start: publishes the region profiles of this release that differ from what was published before. */
export async function publishProfiles(database: Database, clock: BusinessClock): Promise<void> {
  const aggregates: Aggregate[] = profiles.map((profile) => ({ kind: 'PROFILE', content: toPublished(profile) }));
  await inTransaction(database, async (tx) => {
    // Two replicas may start together: the second finds nothing left to publish.
    await lockReference(tx);
    await publishChanged(tx, aggregates, {
      origin: 'RELEASE',
      context: eventContext(systemActor('registry'), clock.now(), clock.machine()),
      at: clock.machine(),
      divisionOf: ({ content }) =>
        'division' in content && content.division !== NATION ? content.division : undefined,
    });
  });
}
