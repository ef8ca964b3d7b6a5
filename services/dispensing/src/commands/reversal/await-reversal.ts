import { setTimeout as sleep } from 'node:timers/promises';
import type { Refused } from '@erx/errors';
import type { Database } from '@erx/postgres';
import { ReverseSaleResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { earlierAnswer } from '../once.ts';
import type { SaleTiming } from '../sale/timing.ts';

/** The answer of a reversal that somebody drives; REVERSING when patience ends before it. */
export async function awaitReversal(
  database: Database,
  saleId: string,
  call: Call,
  { lookMs }: Pick<SaleTiming, 'lookMs'>,
  patience: AbortSignal,
): Promise<ReverseSaleResponse | Refused> {
  for (;;) {
    const [row] = await database.sql<{ state: string }[]>`select state from sale where sale_id = ${saleId}`;
    if (row?.state === 'REVERSED') {
      const answer = await earlierAnswer(database, call, ReverseSaleResponse);
      if (answer === undefined) throw new Error('a reversal that is done keeps its answer');
      return answer;
    }
    if (patience.aborted) return { saleId, state: 'REVERSING', reversedAt: undefined };
    await sleep(lookMs, undefined, { signal: patience }).catch(() => {});
  }
}
