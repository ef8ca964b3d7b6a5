import Type from 'typebox';
import { Reason } from './problem.ts';
import { Instant, list, oneOf, strict, text } from './values.ts';

/** As many codes as one call takes. */
const CODES = 2_000;
const mode = { ...oneOf('ALL_OR_NOTHING', 'EACH'), description: 'EACH: books the good ones, answers the bad ones' };

/** 入库: delivery notes for the caller's own stock. */
export const Receipt = strict({
  notes: list(
    strict({
      noteId: text(64, '随货单号'),
      drugCode: text(64),
      batchNo: text(64, '批号'),
      expiresOn: text(16, 'YYYY-MM-DD'),
      traceCodes: list(text(64), CODES, 1),
      parents: Type.Optional(
        Type.Record(Type.String(), text(64), {
          maxProperties: CODES,
          description: '包装层级: code of the larger pack around each pack that has one',
        }),
      ),
    }),
    20,
    1,
  ),
  mode,
});

/** 出入库 of whole packs of the caller's. */
export const Movement = strict({
  noteId: text(64, '单号'),
  kind: oneOf('TRANSFER', 'LOSS', 'GAIN', 'DAMAGE', 'SUPPLIER_RETURN', 'QUALITY_RETURN'),
  toHolderId: Type.Optional(text(64, 'pharmacy that takes a transfer')),
  traceCodes: list(text(64), CODES, 1),
  reason: text(500),
  mode,
});

export const Booked = Type.Object({
  booked: Type.Integer(),
  refused: Type.Array(Type.Object({ traceCode: Type.String(), errors: Type.Array(Reason) })),
});

export const OpenedPack = Type.Object({ traceCode: Type.String(), parts: Type.Array(Type.String()) });

export const Stock = Type.Object({
  entries: Type.Array(
    Type.Object({
      drugCode: Type.String(),
      batchNo: Type.String(),
      state: Type.String({ description: 'SM-11' }),
      codes: Type.Integer(),
    }),
  ),
});

/** 召回: one batch of a drug, everywhere. */
export const RecallOrder = strict({
  drugCode: text(64),
  batchNo: text(64, '批号'),
  reason: { ...text(500, '召回原因'), minLength: 1 },
});

export const Recall = Type.Object({
  recallId: Type.String(),
  drugCode: Type.String(),
  batchNo: Type.String(),
  reason: Type.String(),
  recalledAt: Instant,
  holders: Type.Array(
    Type.Object({
      holderId: Type.String(),
      state: Type.String({
        description: 'when it was recalled; HANDING_OVER: cleared for the hand-over just before, ask the pharmacy',
      }),
      traceCodes: Type.Array(Type.String()),
    }),
  ),
});

const Side = Type.Object({
  holderId: Type.String(),
  state: Type.String(),
  saleId: Type.Optional(Type.String()),
  noteId: Type.Optional(Type.String()),
});

/** 追溯码冲突: a code seen twice, with both sides. */
export const Conflict = Type.Object({
  conflictId: Type.String(),
  traceCode: Type.String(),
  kind: Type.String({ description: 'DUPLICATE_SALE, NOT_HELD, DUPLICATE_RECEIPT' }),
  at: Instant,
  known: Side,
  claimed: Side,
});
