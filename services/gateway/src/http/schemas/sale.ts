import Type from 'typebox';
import { clearPerson } from './person.ts';
import { Fen, Instant, list, Packs, Sm3, strict, text, UnitPrice } from './values.ts';

const LineAmounts = Type.Object({
  lineNo: Type.Integer(),
  drugCode: Type.String(),
  packs: Packs,
  unitPrice: UnitPrice,
  standard: { ...UnitPrice, description: '医保支付标准 payment standard, yuan per pack' },
  totalFen: Fen,
  inScopeFen: { ...Fen, description: 'within the payment standard' },
  overFen: { ...Fen, description: 'above the payment standard' },
  firstSelfFen: { ...Fen, description: '先行自付' },
  deductibleFen: { ...Fen, description: '起付线' },
  baseFen: { ...Fen, description: 'what the ratios are taken of' },
  basicFen: { ...Fen, description: '基本医保' },
  seriousFen: { ...Fen, description: '大病保险' },
  aidFen: { ...Fen, description: '医疗救助' },
  patientFen: { ...Fen, description: '个人负担' },
  category: Type.String(),
  planVersion: Type.String(),
  listVersion: Type.String(),
});

/** Amounts of a sale (费用) in fen, explained line by line. */
export const Amounts = Type.Object({
  totalFen: Fen,
  basicFen: Fen,
  seriousFen: Fen,
  aidFen: Fen,
  patientFen: Fen,
  lines: Type.Array(LineAmounts),
});

export const Quote = Type.Object({ quoteToken: Type.String(), expiresAt: Instant, amounts: Amounts });

export const Sale = Type.Object({
  saleId: Type.String(),
  prescriptionId: Type.String(),
  state: Type.String({ description: 'RUNNING, COMPLETED, ABANDONED, HANDED_OVER, REVERSING, REVERSED' }),
  settlementId: Type.String(),
  amounts: Type.Optional(Amounts),
  listSm3: Sm3,
  purchaseList: Type.String({ description: '购药清单, the exact text that listSm3 is of' }),
  soldAt: Type.Optional(Instant),
});

export const HandedOver = Type.Object({
  saleId: Type.String(),
  state: Type.String(),
  handedOverAt: Type.Optional(Instant),
});

/** 冲正 of a whole sale. */
export const Reversal = strict({
  reason: { ...text(500, '冲正原因'), minLength: 1 },
  leftCounter: { ...list(text(64), 2_000), description: 'packs that have left the counter: they go to quarantine' },
});

export const Reversed = Type.Object({
  saleId: Type.String(),
  state: Type.String(),
  reversedAt: Type.Optional(Instant),
});

/** An entry of 代办登记簿. */
export const AgentPurchase = Type.Object({
  saleId: Type.String(),
  prescriptionId: Type.String(),
  patient: Type.Object(clearPerson, { description: 'empty once the personal data was lawfully deleted' }),
  agent: Type.Object(clearPerson, { description: 'empty once the personal data was lawfully deleted' }),
  relation: Type.String({ description: '与参保人关系: SPOUSE, PARENT, CHILD, OTHER' }),
  soldAt: Instant,
  handedOverAt: Type.Optional(Instant),
  listSm3: Sm3,
});
