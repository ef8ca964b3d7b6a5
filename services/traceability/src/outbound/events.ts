import { type OutgoingEvent, outgoing } from '@erx/messaging';
import { type Act, contextOf } from '../act.ts';
import type { Note } from '../domain/judge-notes.ts';

const source = 'traceability';

/** 入库: keyed by the note. */
export function stockReceived(note: Note, act: Act, territory: readonly string[], causationId?: string): OutgoingEvent {
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
      origin: 'IMPORT',
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
