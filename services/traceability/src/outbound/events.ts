import { type OutgoingEvent, outgoing } from '@erx/messaging';
import { formatInstant } from '@erx/values';
import { type Act, contextOf } from '../act.ts';
import type { Conflict } from '../domain/conflict.ts';
import type { Note } from '../domain/judge-notes.ts';

const source = 'traceability';
/** Codes of one event: a message stays far below what the broker takes. */
const CODES_PER_EVENT = 2_000;

/** 入库: keyed by the note. */
export function stockReceived(
  note: Note,
  origin: 'IMPORT' | 'RECEIPT',
  act: Act,
  territory: readonly string[],
  causationId?: string,
): OutgoingEvent {
  const { noteId, holderId, drugCode, batchNo, expiresOn, traceCodes } = note;
  return outgoing(
    'erx.traceability.v1.StockReceived',
    {
      context: contextOf(act),
      noteId,
      holderId,
      drugCode,
      batchNo,
      expiresOn,
      traceCodes: [...traceCodes],
      origin,
    },
    { source, key: noteId, at: act.machineAt, causationId, territory },
  );
}

export type CodesSoldFacts = { prescriptionId: string; saleId: string; holderId: string; traceCodes: string[] };

/** 销售出库: keyed by the prescription, caused by the sale. */
export function codesSold(
  facts: CodesSoldFacts,
  act: Act,
  territory: readonly string[],
  causationId: string,
): OutgoingEvent {
  return outgoing(
    'erx.traceability.v1.CodesSold',
    { context: contextOf(act), ...facts },
    { source, key: facts.prescriptionId, at: act.machineAt, causationId, territory },
  );
}

export type CodesReturnedFacts = {
  prescriptionId: string;
  saleId: string;
  holderId: string;
  restocked: string[];
  quarantined: string[];
};

/** 冲正退回: keyed by the prescription. */
export function codesReturned(
  facts: CodesReturnedFacts,
  act: Act,
  territory: readonly string[],
  causationId?: string,
): OutgoingEvent {
  return outgoing(
    'erx.traceability.v1.CodesReturned',
    { context: contextOf(act), ...facts },
    { source, key: facts.prescriptionId, at: act.machineAt, causationId, territory },
  );
}

export type StockMovedFacts = {
  noteId: string;
  kind: string;
  holderId: string;
  toHolderId: string;
  reason: string;
  codes: readonly string[];
};

/** 库存变动: keyed by the note; several when the packs hold very many codes. */
export function stockMoved(facts: StockMovedFacts, act: Act, territory: readonly string[]): OutgoingEvent[] {
  const { noteId, kind, holderId, toHolderId, reason } = facts;
  return chunks(facts.codes).map((traceCodes) =>
    outgoing(
      'erx.traceability.v1.StockMoved',
      { context: contextOf(act), noteId, kind, holderId, toHolderId, traceCodes, reason },
      { source, key: noteId, at: act.machineAt, territory },
    ),
  );
}

export type RecallFacts = { recallId: string; drugCode: string; batchNo: string; reason: string };

/** 召回: keyed by the recall; several when the batch is large, one without codes when nobody has any. */
export function batchRecalled(
  { recallId, drugCode, batchNo, reason }: RecallFacts,
  codes: readonly { traceCode: string; holderId: string; state: string }[],
  act: Act,
  territory: readonly string[],
): OutgoingEvent[] {
  const parts = codes.length === 0 ? [[]] : chunks(codes);
  return parts.map((part) => {
    const groups = Map.groupBy(part, ({ holderId, state }) => `${holderId}\n${state}`);
    const listed = [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { holderId, state } = first;
      return [{ holderId, state, traceCodes: group.map(({ traceCode }) => traceCode) }];
    });
    return outgoing(
      'erx.traceability.v1.BatchRecalled',
      { context: contextOf(act), recallId, drugCode, batchNo, reason, codes: listed },
      { source, key: recallId, at: act.machineAt, territory },
    );
  });
}

/** 追溯码冲突: keyed by the code. */
export function codeConflict(
  { conflictId, kind, known, claimed }: Conflict & { conflictId: string },
  act: Act,
  territory: readonly string[],
  causationId?: string,
): OutgoingEvent {
  const { traceCode, holderId, state, sale, noteId, since } = known;
  return outgoing(
    'erx.traceability.v1.CodeConflict',
    {
      context: contextOf(act),
      conflictId,
      traceCode,
      kind,
      known: { holderId, state, saleId: sale?.saleId ?? '', noteId, businessTime: formatInstant(since) },
      claimed: {
        holderId: claimed.holderId,
        state: '',
        saleId: claimed.saleId ?? '',
        noteId: claimed.noteId ?? '',
        businessTime: formatInstant(act.at),
      },
    },
    { source, key: traceCode, at: act.machineAt, causationId, territory },
  );
}

function chunks<T>(list: readonly T[]): T[][] {
  const parts = Math.ceil(list.length / CODES_PER_EVENT);
  return Array.from({ length: parts }, (_, part) => list.slice(part * CODES_PER_EVENT, (part + 1) * CODES_PER_EVENT));
}
