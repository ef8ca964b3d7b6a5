import type {
  AgentPurchase as AgentPurchaseMessage,
  HandOverResponse,
  QuoteResponse,
  ReverseSaleResponse,
  SellResponse,
} from '@erx/proto/dispensing/v1/dispensing_service';
import type { Amounts as AmountsMessage, LineAmounts } from '@erx/proto/settlement/v1/settlement_events';
import type { ClearPerson } from '@erx/proto/verification/v1/verification_service';
import type { Static } from 'typebox';
import type { AgentPurchase, Amounts, HandedOver, Quote, Reversed, Sale } from '../schemas/sale.ts';
import { exact, fromInstant, fromPacks, fromUnitPrice, instantIf } from './values.ts';

export function fromQuote({ quoteToken, expiresAt, amounts }: QuoteResponse): Static<typeof Quote> {
  if (amounts === undefined) throw new Error('a quote without amounts');
  return { quoteToken, expiresAt: fromInstant(expiresAt), amounts: fromAmounts(amounts) };
}

export function fromSale(sale: SellResponse): Static<typeof Sale> {
  const { saleId, prescriptionId, state, settlementId, amounts, listSm3, purchaseList, soldAt } = sale;
  return {
    saleId,
    prescriptionId,
    state,
    settlementId,
    ...(amounts === undefined ? {} : { amounts: fromAmounts(amounts) }),
    listSm3,
    purchaseList: Buffer.from(purchaseList).toString(),
    ...instantIf('soldAt', soldAt),
  };
}

export function fromHandOver({ saleId, state, handedOverAt }: HandOverResponse): Static<typeof HandedOver> {
  return { saleId, state, ...instantIf('handedOverAt', handedOverAt) };
}

export function fromReversal({ saleId, state, reversedAt }: ReverseSaleResponse): Static<typeof Reversed> {
  return { saleId, state, ...instantIf('reversedAt', reversedAt) };
}

/** An entry of the register with its two persons opened. */
export function fromAgentPurchase(
  { saleId, prescriptionId, relation, listSm3, soldAt, handedOverAt }: AgentPurchaseMessage,
  patient: ClearPerson,
  agent: ClearPerson,
): Static<typeof AgentPurchase> {
  return {
    saleId,
    prescriptionId,
    patient,
    agent,
    relation,
    soldAt: fromInstant(soldAt),
    ...instantIf('handedOverAt', handedOverAt),
    listSm3,
  };
}

function fromAmounts({ total, basic, serious, aid, patient, lines }: AmountsMessage): Static<typeof Amounts> {
  return { ...fromLayers({ total, basic, serious, aid, patient }), lines: lines.map(fromLineAmounts) };
}

function fromLineAmounts(line: LineAmounts): Static<typeof Amounts>['lines'][number] {
  const { lineNo, drugCode, category, planVersion, listVersion } = line;
  return {
    lineNo,
    drugCode,
    packs: fromPacks(line.quantity),
    unitPrice: fromUnitPrice(line.unitPrice),
    standard: fromUnitPrice(line.standard),
    ...fromLayers(line),
    inScopeFen: exact(line.inScope),
    overFen: exact(line.over),
    firstSelfFen: exact(line.firstSelf),
    deductibleFen: exact(line.deductible),
    baseFen: exact(line.base),
    category,
    planVersion,
    listVersion,
  };
}

type Layers = Pick<LineAmounts, 'total' | 'basic' | 'serious' | 'aid' | 'patient'>;

function fromLayers({ total, basic, serious, aid, patient }: Layers) {
  return {
    totalFen: exact(total),
    basicFen: exact(basic),
    seriousFen: exact(serious),
    aidFen: exact(aid),
    patientFen: exact(patient),
  };
}
