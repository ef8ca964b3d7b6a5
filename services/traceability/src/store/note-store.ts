import type { Tx } from '@erx/postgres';
import { type Note, noteKey } from '../domain/judge-notes.ts';

/** Content hashes in hex of those notes that are on record, by `noteKey`. */
export async function findNoteHashes(tx: Tx, notes: readonly Note[]): Promise<Map<string, string>> {
  const rows = await tx.sql<{ noteId: string; holderId: string; hash: string }[]>`
    select note_id as "noteId", holder_id as "holderId", encode(content_hash, 'hex') as hash from delivery_note
    where (holder_id, note_id) in (
      select * from unnest(${notes.map((it) => it.holderId)}::text[], ${notes.map((it) => it.noteId)}::text[]))`;
  return new Map(rows.map((row) => [noteKey(row), row.hash]));
}

export type NewNote = { note: Note; contentHash: string };

/** Writes new notes, in one order; false when one of them came by another request meanwhile. */
export async function insertNotes(tx: Tx, list: readonly NewNote[], origin: 'IMPORT' | 'RECEIPT'): Promise<boolean> {
  const text = (of: (note: Note) => string): string[] => list.map(({ note }) => of(note));
  const written = await tx.sql`
    insert into delivery_note (note_id, content_hash, holder_id, drug_code, batch_no, expires_on, origin)
    select note_id, decode(hash, 'hex'), holder_id, drug_code, batch_no, expires_on::date, ${origin}
    from unnest(${text((note) => note.noteId)}::text[], ${list.map(({ contentHash }) => contentHash)}::text[],
                ${text((note) => note.holderId)}::text[], ${text((note) => note.drugCode)}::text[],
                ${text((note) => note.batchNo)}::text[], ${text((note) => note.expiresOn)}::text[])
      as received (note_id, hash, holder_id, drug_code, batch_no, expires_on)
    order by holder_id, note_id
    on conflict do nothing`;
  return written.count === list.length;
}

/** The codes that each of these notes brought, by `noteKey`. */
export async function findBooked(tx: Tx, notes: readonly Note[]): Promise<Map<string, Set<string>>> {
  const rows = await tx.sql<{ noteId: string; holderId: string; traceCode: string }[]>`
    select note_id as "noteId", holder_id as "holderId", trace_code as "traceCode"
    from movement join custody using (movement_id)
    where kind = 'RECEIVED' and (holder_id, note_id) in (
      select * from unnest(${notes.map((it) => it.holderId)}::text[], ${notes.map((it) => it.noteId)}::text[]))`;
  const booked = new Map<string, Set<string>>();
  for (const row of rows) {
    const codes = booked.get(noteKey(row)) ?? new Set();
    booked.set(noteKey(row), codes.add(row.traceCode));
  }
  return booked;
}
