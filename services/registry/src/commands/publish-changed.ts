import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { EventContext } from '@erx/proto/common/v1/common';
import { type Aggregate, encode, keyOf } from '../domain/reference/aggregate.ts';
import { referenceEvent } from '../outbound/reference-event.ts';
import { type Revision, saveRevisions, storedOf } from '../store/aggregates.ts';
import { hashOf } from '../store/content-hash.ts';

export type Change = {
  origin: 'IMPORT' | 'RELEASE';
  context: EventContext;
  /** Machine time. */
  at: Date;
  /** Place that an aggregate belongs to, if any. */
  divisionOf(aggregate: Aggregate): string | undefined;
};

/** Stores and publishes those aggregates whose content differs from the stored one; each gets the next revision. */
export async function publishChanged(tx: Tx, aggregates: readonly Aggregate[], change: Change) {
  const stored = await storedOf(tx, aggregates);
  const revisions: Revision[] = [];
  const events = [];
  for (const aggregate of aggregates) {
    const before = stored.get(`${aggregate.kind}/${keyOf(aggregate)}`);
    if (before !== undefined && Buffer.compare(before.contentHash, hashOf(encode(aggregate))) === 0) continue;
    const revision = (before?.revision ?? 0n) + 1n;
    const event = referenceEvent({
      aggregate,
      revision,
      context: change.context,
      at: change.at,
      causationId: before?.eventId,
      division: change.divisionOf(aggregate),
    });
    revisions.push({ aggregate, revision, eventId: event.id });
    events.push(event);
  }
  await saveRevisions(tx, revisions, change.origin, change.at);
  await appendToOutbox(tx, events);
  return { changed: revisions.length, unchanged: aggregates.length - revisions.length };
}
