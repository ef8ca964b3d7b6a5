import { appendToOutbox, type ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { sellCodes } from '../commands/sell-codes.ts';
import { codesSold } from '../outbound/events.ts';

/** 销售完成: the reserved packages are sold, at the time and by the actor of the sale. */
export function onSaleCompleted({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: SaleCompleted }): Promise<void> => {
    const { context, saleId, prescriptionId, pharmacyId: holderId, lines } = event.payload;
    const traceCodes = lines.flatMap((line) => line.traceCodes);
    const act = actOfEvent(context, holderId, clock.machine(), reference);
    if (!(await sellCodes(tx, { saleId, holderId, traceCodes }, act))) return;
    // The sale's event knows all places of the prescription; packages know only the pharmacy's.
    const territory = event.headers['ce_territory']?.split(',') ?? reference.territory([holderId]);
    await appendToOutbox(tx, [codesSold({ prescriptionId, saleId, holderId, traceCodes }, act, territory, event.id)]);
  };
}
