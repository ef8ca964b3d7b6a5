import type { Tx } from '@erx/postgres';
import type { Conflict } from '../domain/conflict.ts';

export type NewConflict = Conflict & { conflictId: string; knownPlace: string; claimedPlace: string };

/**
 * Records conflicts; gives the ids of those that were not recorded before. One transaction at a time, so that the
 * numbers follow the order of commits and a reader who pages misses none.
 */
export async function insertConflicts(tx: Tx, list: readonly NewConflict[], at: Date): Promise<Set<string>> {
  await tx.sql`lock table code_conflict in share row exclusive mode`;
  const text = (of: (each: NewConflict) => string): string[] => list.map(of);
  const rows = await tx.sql<{ conflict_id: string }[]>`
    insert into code_conflict (conflict_id, trace_code, kind, business_at, known_holder_id, known_place, known_state,
                               known_sale_id, known_note_id, known_since, claimed_holder_id, claimed_place,
                               claimed_sale_id, claimed_note_id)
    select id::uuid, code, kind, ${at.toISOString()}, known_holder, known_place, known_state,
           nullif(known_sale, '')::uuid, known_note, since::timestamptz, claimed_holder, claimed_place,
           nullif(claimed_sale, '')::uuid, nullif(claimed_note, '')
    from unnest(
      ${text((it) => it.conflictId)}::text[], ${text((it) => it.known.traceCode)}::text[],
      ${text((it) => it.kind)}::text[], ${text((it) => it.known.holderId)}::text[],
      ${text((it) => it.knownPlace)}::text[], ${text((it) => it.known.state)}::text[],
      ${text((it) => it.known.sale?.saleId ?? '')}::text[], ${text((it) => it.known.noteId)}::text[],
      ${text((it) => it.known.since.toISOString())}::text[], ${text((it) => it.claimed.holderId)}::text[],
      ${text((it) => it.claimedPlace)}::text[], ${text((it) => it.claimed.saleId ?? '')}::text[],
      ${text((it) => it.claimed.noteId ?? '')}::text[]
    ) as seen (id, code, kind, known_holder, known_place, known_state, known_sale, known_note, since, claimed_holder,
               claimed_place, claimed_sale, claimed_note)
    on conflict do nothing returning conflict_id`;
  return new Set(rows.map((row) => row.conflict_id));
}
