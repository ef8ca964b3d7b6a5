import { query, type Tx } from '@erx/postgres';
import { type Aggregate, encode, keyOf } from '../domain/reference/aggregate.ts';
import { hashOf } from './content-hash.ts';
import { drugTracePrefix, planScope, referenceAggregate as table } from './tables.ts';

/** What is stored of an aggregate: its newest revision. */
export type Stored = { revision: bigint; contentHash: Uint8Array; eventId: string };

/**
 * One change of reference data at a time, until the transaction ends: what it was checked against still holds when it
 * is written, and revisions leave the outbox in their order. Reading goes on.
 */
export async function lockReference(tx: Tx): Promise<void> {
  await tx.sql`lock table reference_aggregate in share row exclusive mode`;
}

/** Newest revisions by `kind/key`. */
export async function storedOf(tx: Tx, aggregates: readonly Aggregate[]): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  for (const [kind, list] of Map.groupBy(aggregates, (aggregate) => aggregate.kind)) {
    const rows = await tx.db
      .select({ key: table.key, revision: table.revision, contentHash: table.contentHash, eventId: table.eventId })
      .from(table)
      .where(query.and(query.eq(table.kind, kind), query.inArray(table.key, list.map(keyOf))));
    for (const { key, ...stored } of rows) found.set(`${kind}/${key}`, stored);
  }
  return found;
}

export type Revision = { aggregate: Aggregate; revision: bigint; eventId: string };

/** Writes new revisions, with the look-ups that keep prefixes and plan scopes unique. */
export async function saveRevisions(
  tx: Tx,
  revisions: readonly Revision[],
  origin: 'IMPORT' | 'RELEASE',
  at: Date,
): Promise<void> {
  if (revisions.length === 0) return;
  const rows = revisions.map(({ aggregate, revision, eventId }) => {
    const payload = encode(aggregate);
    const { kind } = aggregate;
    return {
      kind,
      key: keyOf(aggregate),
      revision,
      payload,
      contentHash: hashOf(payload),
      origin,
      eventId,
      changedAt: at,
    };
  });
  await tx.db
    .insert(table)
    .values(rows)
    .onConflictDoUpdate({
      target: [table.kind, table.key],
      set: {
        revision: query.sql`excluded.revision`,
        payload: query.sql`excluded.payload`,
        contentHash: query.sql`excluded.content_hash`,
        eventId: query.sql`excluded.event_id`,
        changedAt: query.sql`excluded.changed_at`,
      },
    });
  await savePrefixes(
    tx,
    revisions.map(({ aggregate }) => aggregate),
  );
  await saveScopes(
    tx,
    revisions.map(({ aggregate }) => aggregate),
  );
}

async function savePrefixes(tx: Tx, aggregates: readonly Aggregate[]): Promise<void> {
  const drugs = aggregates.filter((aggregate) => aggregate.kind === 'DRUG').map(({ content }) => content);
  if (drugs.length === 0) return;
  // First all old ones: within one import a prefix may move from drug to drug.
  await tx.db.delete(drugTracePrefix).where(
    query.inArray(
      drugTracePrefix.drugCode,
      drugs.map((drug) => drug.drugCode),
    ),
  );
  const rows = drugs.flatMap(({ drugCode, tracePrefixes }) => tracePrefixes.map((prefix) => ({ prefix, drugCode })));
  if (rows.length > 0) await tx.db.insert(drugTracePrefix).values(rows);
}

async function saveScopes(tx: Tx, aggregates: readonly Aggregate[]): Promise<void> {
  const plans = aggregates.filter((aggregate) => aggregate.kind === 'PLAN').map(({ content }) => content);
  if (plans.length === 0) return;
  const rows = plans.map(({ planId, poolingRegion, insuranceType, category }) => ({
    planId,
    poolingRegion,
    insuranceType,
    category,
  }));
  await tx.db.insert(planScope).values(rows).onConflictDoNothing({ target: planScope.planId });
}
