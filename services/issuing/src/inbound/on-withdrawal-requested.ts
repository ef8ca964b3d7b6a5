import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { WithdrawalRequested } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 撤方请求: waits for the end of a sale. */
export async function onWithdrawalRequested(
  tx: Tx,
  event: ConsumedEvent & { payload: WithdrawalRequested },
): Promise<void> {
  await followDispensing(tx, event, { type: 'RequestWithdrawal', reason: event.payload.reason });
}
