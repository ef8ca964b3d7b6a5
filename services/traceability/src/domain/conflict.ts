// A code seen twice (追溯码冲突): what is on record against what somebody claims. Pure.
import { mayComeAgain, type Note } from './judge-notes.ts';
import type { Scan } from './judge-scan.ts';
import type { TraceCode } from './trace-code.ts';

type ConflictKind = 'DUPLICATE_SALE' | 'NOT_HELD' | 'DUPLICATE_RECEIPT';

export type Conflict = {
  kind: ConflictKind;
  known: TraceCode;
  claimed: { holderId: string; saleId: string | undefined; noteId: string | undefined };
};

const sold = (code: TraceCode): boolean => code.state === 'SOLD' || code.state === 'HANDED_OVER';

/** AS-07.1, AS-07.2: presented for sale though another sale has it, or though somebody else holds it. */
export function conflictsOfScan({ saleId, holderId, lines }: Scan, known: ReadonlyMap<string, TraceCode>): Conflict[] {
  const claimed = { holderId, saleId, noteId: undefined };
  const scanned = new Set(lines.flatMap(({ traceCodes }) => traceCodes));
  return [...scanned].flatMap((traceCode) => {
    const code = known.get(traceCode);
    if (code === undefined) return [];
    const twice = code.sale !== undefined && code.sale.saleId !== saleId;
    const kinds: ConflictKind[] = [
      ...(twice ? (['DUPLICATE_SALE'] as const) : []),
      ...(code.holderId !== holderId ? (['NOT_HELD'] as const) : []),
    ];
    return kinds.map((kind) => ({ kind, known: code, claimed }));
  });
}

/** AS-07.8: received though somebody else holds it, or though it was sold. */
export function conflictsOfNotes(notes: readonly Note[], known: ReadonlyMap<string, TraceCode>): Conflict[] {
  return notes.flatMap((note) =>
    [...new Set(note.traceCodes)].flatMap((traceCode): Conflict[] => {
      const code = known.get(traceCode);
      if (code === undefined || mayComeAgain(code, note)) return [];
      if (code.holderId === note.holderId && !sold(code)) return [];
      const claimed = { holderId: note.holderId, saleId: undefined, noteId: note.noteId };
      return [{ kind: 'DUPLICATE_RECEIPT', known: code, claimed }];
    }),
  );
}

/** A sold package that appears in a delivery is not the same package, or was never with its buyer: nobody sells it. */
export function toQuarantine(conflicts: readonly Conflict[]): string[] {
  const codes = conflicts
    .filter(({ kind, known }) => kind === 'DUPLICATE_RECEIPT' && sold(known))
    .map(({ known }) => known.traceCode);
  return [...new Set(codes)].sort();
}
