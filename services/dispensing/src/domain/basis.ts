// What settlement computes from: made the same way at the quote and at the sale, so that its MAC covers both. Pure.
import { type Refusal, refusal } from '@erx/errors';
import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Basis } from '@erx/proto/settlement/v1/settlement_service';
import type { QuotedLine } from './quote-token.ts';

type Issued = {
  prescriptionId: string;
  hospitalId: string;
  category: string;
  prescribedAt: Date;
  written: readonly { lineNo: number; drugCode: string; drugClass: string }[];
};

type Offer = {
  pharmacyId: string;
  /** As the identity check behind the grant found it. */
  insurance: InsuranceFacts;
  /** Medical category the pharmacy settles under. */
  category: string;
  lines: readonly QuotedLine[];
};

export function basisOf(issued: Issued, { pharmacyId, insurance, category, lines }: Offer): Basis {
  const { prescriptionId, hospitalId, prescribedAt } = issued;
  return {
    prescriptionId,
    pharmacyId,
    hospitalId,
    insurance,
    category,
    prescribedCategory: issued.category,
    prescribedAt,
    lines: lines.map(({ lineNo, quantity, unitPrice }) => {
      const { drugCode, drugClass } = writtenLine(issued, lineNo);
      return { lineNo, drugCode, drugClass, quantity, unitPrice };
    }),
  };
}

/** The line of that number; to be asked only for lines that the prescription has. */
export function writtenLine<T extends { lineNo: number }>({ written }: { written: readonly T[] }, lineNo: number): T {
  const line = written.find((each) => each.lineNo === lineNo);
  if (line === undefined) throw new Error(`the prescription has no line ${lineNo}`);
  return line;
}

/** Ten million yuan a pack, in 10⁻⁶ yuan: far above any drug, and within what a quote token carries. */
const DEAREST = 10_000_000_000_000n;

/** Prices that are no prices. Whether a price is allowed is settlement's question. */
export function priceProblems(lines: readonly QuotedLine[]): Refusal[] {
  return lines.flatMap(({ unitPrice }, index) =>
    unitPrice > 0n && unitPrice <= DEAREST
      ? []
      : [refusal('REQUEST_INVALID', { problem: 'NO_PRICE' }, `/lines/${index}/unitPrice`)],
  );
}
