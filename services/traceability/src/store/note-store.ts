import type { Tx } from '@erx/postgres';
import type { Note } from '../domain/judge-notes.ts';

/** Lets one import run at a time until the transaction ends: two notes cannot bring the same code. Readers go on. */
export async function lockNotes(tx: Tx): Promise<void> {
  await tx.sql`lock table delivery_note in share row exclusive mode`;
}

/** Content hashes in hex of those notes that are on record. */
export async function findNoteHashes(tx: Tx, noteIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql<{ note_id: string; hash: string }[]>`
    select note_id, encode(content_hash, 'hex') as hash from delivery_note
    where note_id = any(${[...noteIds]}::text[])`;
  return new Map(rows.map((row) => [row.note_id, row.hash]));
}

export async function insertNote(tx: Tx, note: Note, contentHash: string): Promise<void> {
  await tx.sql`
    insert into delivery_note (note_id, content_hash, holder_id, drug_code, batch_no, expires_on, origin)
    values (${note.noteId}, ${Buffer.from(contentHash, 'hex')}, ${note.holderId}, ${note.drugCode}, ${note.batchNo},
            ${note.expiresOn}, 'IMPORT')`;
}
