import { isRefused, type Refused } from '@erx/errors';
import { type Database, inTransaction } from '@erx/postgres';
import { type DeliveryNote, ImportStockResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import type { Conflict } from '../domain/conflict.ts';
import { bookNotes } from './book-notes.ts';
import { once } from './once.ts';
import { recordConflicts } from './record-conflicts.ts';

/**
 * Stock enters by the authority (origin IMPORT), all notes or none. A note that comes again with the same content is
 * `unchanged`; with other content it is refused REQUEST_INVALID. One StockReceived per new note.
 */
export async function importStock(
  { database, reference }: { database: Database; reference: Lookups },
  notes: readonly DeliveryNote[],
  call: Call,
): Promise<ImportStockResponse | Refused> {
  let seen: Conflict[] = [];
  const answer = await once(database, call, 'stock.import', ImportStockResponse, async (tx) => {
    const batch = { notes, mode: 'ALL_OR_NOTHING', origin: 'IMPORT' } as const;
    const { outcome, conflicts } = await bookNotes(tx, batch, call, reference);
    seen = conflicts;
    if (isRefused(outcome)) return outcome;
    return { changed: outcome.fresh.length, unchanged: outcome.repeated.length };
  });
  if (seen.length > 0) await inTransaction(database, (tx) => recordConflicts(tx, seen, call, reference));
  return answer;
}
