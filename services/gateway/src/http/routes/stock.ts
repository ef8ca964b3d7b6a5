import { isRefused } from '@erx/errors';
import {
  MoveStockResponse,
  OpenPackResponse,
  ReceiveStockResponse,
} from '@erx/proto/traceability/v1/traceability_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromBooking, fromStock } from '../mappers/stock.ts';
import { type Door, declare } from '../route.ts';
import { Booked, Movement, OpenedPack, Receipt, Stock } from '../schemas/stock.ts';
import { TraceCode, text } from '../schemas/values.ts';

const tag = '药品进销存 Stock';
/** Two thousand codes take their time. */
const DEADLINE_MS = 20_000;

/** A pharmacy's own stock: what comes, what goes, what is there. */
export function stockRoutes(door: Door, { traceability }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/stock/receipts',
    operation: 'stock.receive',
    id: 'receiveStock',
    title: { zh: '入库', en: 'Book delivery notes into the own stock' },
    tag,
    body: Receipt,
    answer: Booked,
    write: (stored) => fromBooking(ReceiveStockResponse.decode(stored)),
    async handle({ body: { notes, mode } }, context) {
      const { institutionId: holderId } = context.actor;
      const delivered = notes.map(({ parents = {}, ...note }) => ({ ...note, parents, holderId }));
      const answer = await traceability.receiveStock(
        { notes: delivered, mode },
        { ...context, deadlineMs: DEADLINE_MS },
      );
      return isRefused(answer) ? answer : fromBooking(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/stock/movements',
    operation: 'stock.move',
    id: 'moveStock',
    title: { zh: '出入库', en: 'Transfer, loss, gain, damage, return to the supplier, quality return' },
    tag,
    body: Movement,
    answer: Booked,
    write: (stored) => fromBooking(MoveStockResponse.decode(stored)),
    async handle({ body: { toHolderId = '', ...body } }, context) {
      const answer = await traceability.moveStock({ ...body, toHolderId }, { ...context, deadlineMs: DEADLINE_MS });
      return isRefused(answer) ? answer : fromBooking(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url: '/v1/stock',
    operation: 'stock.read',
    id: 'readStock',
    title: { zh: '库存', en: 'Stock of this pharmacy by product, batch and state' },
    tag,
    query: Type.Object({ drugCode: Type.Optional(text(64)) }, { additionalProperties: false }),
    answer: Stock,
    async handle({ query: { drugCode = '' } }, context) {
      const answer = await traceability.listStock({ drugCode }, context);
      return isRefused(answer) ? answer : fromStock(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/packs/:traceCode/open',
    operation: 'stock.move',
    storedAs: 'pack.open',
    id: 'openPack',
    title: { zh: '拆包装', en: 'Open a large or medium pack: its parts are sold singly from here on' },
    tag,
    params: TraceCode,
    answer: OpenedPack,
    write: (stored) => OpenPackResponse.decode(stored),
    handle: ({ params }, context) => traceability.openPack(params, context),
  });
}
