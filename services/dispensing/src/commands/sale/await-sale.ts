import { setTimeout as sleep } from 'node:timers/promises';
import type { Refused } from '@erx/errors';
import type { Database } from '@erx/postgres';
import { SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { saleView } from '../../queries/sale-view.ts';
import { findSale } from '../../store/sale-store.ts';
import { earlierAnswer } from '../once.ts';
import type { SaleTiming } from './timing.ts';

/** The outcome of a sale that somebody drives: its answer or its refusals; RUNNING when patience ends before the sale. */
export async function awaitSale(
  database: Database,
  saleId: string,
  call: Call,
  { lookMs }: Pick<SaleTiming, 'lookMs'>,
  patience: AbortSignal,
): Promise<SellResponse | Refused> {
  for (;;) {
    const stored = await findSale(database, saleId);
    if (stored === undefined) throw new Error('a sale that was begun is never removed');
    const { sale } = stored;
    if (sale.state === 'ABANDONED') return { refused: sale.refusals };
    if (stored.list !== undefined) {
      const answer = await earlierAnswer(database, call, SellResponse);
      if (answer === undefined) throw new Error('a completed sale keeps its answer');
      return answer;
    }
    if (patience.aborted) return saleView(stored);
    await sleep(lookMs, undefined, { signal: patience }).catch(() => {});
  }
}
