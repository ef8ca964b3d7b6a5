import type {
  Conflict as ConflictMessage,
  ConflictParty,
  ListStockResponse,
  MoveStockResponse,
  RecallBatchResponse,
} from '@erx/proto/traceability/v1/traceability_service';
import type { Static } from 'typebox';
import { toError } from '../problem.ts';
import type { Booked, Conflict, Recall, Stock } from '../schemas/stock.ts';
import { fromRefusal } from './refusal.ts';
import { exact, fromInstant } from './values.ts';

/** Of a receipt as of any other movement: how many codes were booked, and why the others were not. */
export function fromBooking({ booked, refused }: MoveStockResponse): Static<typeof Booked> {
  return {
    booked,
    refused: refused.map(({ traceCode, refusals }) => ({
      traceCode,
      errors: refusals.map((refusal) => toError(fromRefusal(refusal))),
    })),
  };
}

export function fromStock({ entries }: ListStockResponse): Static<typeof Stock> {
  return { entries: entries.map(({ codes, ...entry }) => ({ ...entry, codes: exact(codes) })) };
}

export function fromRecall({ recalledAt, ...recall }: RecallBatchResponse): Static<typeof Recall> {
  return { ...recall, recalledAt: fromInstant(recalledAt) };
}

export function fromConflict({ at, known, claimed, ...conflict }: ConflictMessage): Static<typeof Conflict> {
  return { ...conflict, at: fromInstant(at), known: fromParty(known), claimed: fromParty(claimed) };
}

function fromParty(party: ConflictParty | undefined): Static<typeof Conflict>['known'] {
  if (party === undefined) throw new Error('a conflict with one side only');
  const { holderId, state, saleId, noteId } = party;
  return { holderId, state, ...(saleId === '' ? {} : { saleId }), ...(noteId === '' ? {} : { noteId }) };
}
