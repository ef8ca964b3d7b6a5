import { isRefused, type Refused, refuse } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { type WithdrawRequest, WithdrawResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Call } from '@erx/rpc';
import { isText } from '../domain/request-form.ts';
import { askedBy, type Peers } from '../outbound/peers.ts';
import { noteWithdrawal } from '../store/prescription-store.ts';
import { circulatedBy } from './circulated.ts';
import { earlierAnswer } from './earlier-answer.ts';

type Deps = { database: Database; dispensing: Peers['dispensing'] };

/**
 * 撤方: dispensing decides, which owns the prescription since it circulates, and can be asked twice; the hospital's view
 * follows by its event. Throws UnavailableError when dispensing does not answer: then a repeat finds out.
 */
export async function withdraw(
  { database, dispensing }: Deps,
  { prescriptionId, reason }: WithdrawRequest,
  call: Call,
): Promise<WithdrawResponse | Refused> {
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  const known = earlierAnswer(await recall(database, client, WithdrawResponse));
  if (known !== undefined) return known;
  if (!isText(reason)) return refuse('REQUEST_INVALID', { problem: 'NOT_A_TEXT' }, '/reason');
  const row = await circulatedBy(database, prescriptionId, call.actor, 'Withdraw');
  if (isRefused(row)) return row;
  const { hospitalId, lastEventId } = row;
  const decided = await dispensing.withdraw({ prescriptionId, hospitalId, reason }, askedBy(call, lastEventId));
  if (isRefused(decided)) return decided;
  const { status } = decided;
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'prescription.withdraw', WithdrawResponse));
    if (earlier !== undefined) return earlier;
    if (status === 'WITHDRAWN') await noteWithdrawal(tx, prescriptionId, call.at);
    const answer = { prescriptionId, status };
    await rememberAnswer(tx, client, WithdrawResponse, answer);
    return answer;
  });
}
