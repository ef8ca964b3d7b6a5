import type { Tx } from '@erx/postgres';
import type { MoveKind } from '../domain/trace-code.ts';

export type StockMove = {
  holderId: string;
  noteId: string;
  kind: MoveKind | 'PACK_OPENED';
  toHolderId: string;
  reason: string;
  contentHash: string;
};

/** Writes a new note and gives its number; undefined when the note is on record. */
export async function insertMove(tx: Tx, move: StockMove): Promise<bigint | undefined> {
  const [row] = await tx.sql<{ move_id: bigint }[]>`
    insert into stock_move (holder_id, note_id, kind, to_holder_id, reason, content_hash)
    values (${move.holderId}, ${move.noteId}, ${move.kind}, ${move.toHolderId === '' ? null : move.toHolderId},
            ${move.reason}, ${Buffer.from(move.contentHash, 'hex')})
    on conflict (holder_id, note_id) where kind <> 'PACK_OPENED' do nothing returning move_id`;
  return row?.move_id;
}

/** A note on record: hash of its content in hex, and what it booked. */
export async function findMove(
  tx: Tx,
  holderId: string,
  noteId: string,
): Promise<{ contentHash: string; booked: Set<string> } | undefined> {
  const rows = await tx.sql<{ hash: string; code: string | null }[]>`
    select encode(content_hash, 'hex') as hash, custody.trace_code as code
    from stock_move left join movement using (move_id) left join custody using (movement_id)
    where stock_move.holder_id = ${holderId} and stock_move.note_id = ${noteId} and stock_move.kind <> 'PACK_OPENED'`;
  const [first] = rows;
  if (first === undefined) return undefined;
  return { contentHash: first.hash, booked: new Set(rows.flatMap(({ code }) => (code === null ? [] : [code]))) };
}
