import { isRefused } from '@erx/errors';
import {
  HandOverRequest,
  HandOverResponse,
  ReverseSaleResponse,
  SellResponse,
} from '@erx/proto/dispensing/v1/dispensing_service';
import type { Peers } from '../../outbound/peers.ts';
import { settleRepeat } from '../../outbound/settle-repeat.ts';
import { fromRefusal } from '../mappers/refusal.ts';
import { fromHandOver, fromQuote, fromReversal, fromSale } from '../mappers/sale.ts';
import { toBytes, toPacks, toUnitPrice } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { HandedOver, Quote, Reversal, Reversed, Sale } from '../schemas/sale.ts';
import {
  Base64,
  Count,
  GrantId,
  list,
  Packs,
  PrescriptionId,
  SaleId,
  Sm3,
  strict,
  text,
  UnitPrice,
} from '../schemas/values.ts';

const tag = '结算与销售 Sale';
/** Longer than dispensing waits before it answers that the sale, or its reversal, runs on. */
const SALE_DEADLINE_MS = 20_000;

const lineNo = Count(1_000, 1);

/** Quote, sale, hand-over, and the way back. */
export function saleRoutes(door: Door, { dispensing, verification, systems }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/quote',
    operation: 'sale.quote',
    id: 'quoteSale',
    title: { zh: '预结算', en: 'Amounts, explained line by line' },
    tag,
    params: PrescriptionId,
    body: strict({
      grantId: GrantId,
      category: text(16, '医疗类别 medical category'),
      lines: list(strict({ lineNo, packs: Packs, unitPrice: UnitPrice }), 20),
    }),
    answer: Quote,
    async handle({ params, body: { lines, ...rest } }, context) {
      const priced = lines.map((line) => ({
        lineNo: line.lineNo,
        quantity: toPacks(line.packs),
        unitPrice: toUnitPrice(line.unitPrice),
      }));
      const answer = await dispensing.quote({ ...params, ...rest, lines: priced }, context);
      return isRefused(answer) ? answer : fromQuote(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/sales',
    operation: 'sale.sell',
    id: 'sell',
    title: { zh: '扫码销售与结算', en: 'Sell the scanned packs at the quote' },
    tag,
    params: PrescriptionId,
    body: strict({
      grantId: GrantId,
      quoteToken: text(16_000),
      lines: list(strict({ lineNo, traceCodes: list(text(64), 1_000) }), 20),
    }),
    answer: Sale,
    status: 201,
    mayRun: true,
    write: (stored) => fromSale(SellResponse.decode(stored)),
    async handle({ params, body }, context) {
      const answer = await dispensing.sell({ ...params, ...body }, { ...context, deadlineMs: SALE_DEADLINE_MS });
      if (isRefused(answer)) return answer;
      if (answer.state === 'RUNNING') return { running: true };
      return answer.refusals.length > 0 ? { refused: answer.refusals.map(fromRefusal) } : fromSale(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url: '/v1/sales/:saleId',
    operation: 'sale.read',
    id: 'readSale',
    title: { zh: '查询销售单', en: 'A sale of this pharmacy' },
    tag,
    params: SaleId,
    answer: Sale,
    async handle({ params }, context) {
      const answer = await dispensing.getSale(params, context);
      return isRefused(answer) ? answer : fromSale(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/sales/:saleId/hand-over',
    operation: 'sale.hand-over',
    id: 'handOver',
    title: { zh: '交付签收', en: 'The patient signs the purchase list and takes the packs' },
    tag,
    params: SaleId,
    body: strict({
      grantId: GrantId,
      signatureImage: Base64(90_000, '签名图像 PNG or JPEG of at most 64 KB'),
      listSm3: Sm3,
    }),
    answer: HandedOver,
    write: (stored) => fromHandOver(HandOverResponse.decode(stored)),
    async handle({ params: { saleId }, body: { grantId, signatureImage, listSm3 } }, context) {
      const { institutionId } = context.actor;
      const sealed = await verification.sealSignature(
        { grantId, institutionId, image: toBytes(signatureImage), listSm3 },
        { actor: context.actor },
      );
      const answer = isRefused(sealed)
        ? await settleRepeat(sealed, context, systems.dispensing, () =>
            dispensing.handOver(HandOverRequest.create({ saleId }), context),
          )
        : await dispensing.handOver(
            { grantId, saleId, listSm3, signatureSealed: sealed.imageSealed, signaturePersonId: sealed.personId },
            context,
          );
      return isRefused(answer) ? answer : fromHandOver(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/sales/:saleId/reverse',
    operation: 'sale.reverse',
    id: 'reverseSale',
    title: { zh: '冲正销售', en: 'Take a whole sale back before its hand-over' },
    tag,
    params: SaleId,
    body: Reversal,
    answer: Reversed,
    mayRun: true,
    write: (stored) => fromReversal(ReverseSaleResponse.decode(stored)),
    async handle({ params, body }, context) {
      const answer = await dispensing.reverseSale({ ...params, ...body }, { ...context, deadlineMs: SALE_DEADLINE_MS });
      if (isRefused(answer)) return answer;
      return answer.state === 'REVERSING' ? { running: true } : fromReversal(answer);
    },
  });
}
