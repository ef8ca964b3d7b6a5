import { isRefused, type Refused } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { type EndorseRequest, EndorseResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { endorsementProblems } from '../domain/endorsement.ts';
import { askedBy, type Peers } from '../outbound/peers.ts';
import { findLines, type PrescriptionRow } from '../store/prescription-store.ts';
import { circulatedBy } from './circulated.ts';
import { earlierAnswer } from './earlier-answer.ts';

type Deps = Pick<Peers, 'verification' | 'dispensing'> & { database: Database; reference: Lookups };

/**
 * A-6 复核: another admitted doctor signs a prescription on hold, and dispensing lets it circulate again, which it can be
 * asked twice. The proof is kept when its event arrives.
 */
export async function endorse(deps: Deps, request: EndorseRequest, call: Call): Promise<EndorseResponse | Refused> {
  const { database, dispensing } = deps;
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  const known = earlierAnswer(await recall(database, client, EndorseResponse));
  if (known !== undefined) return known;
  const { prescriptionId, doctorId } = request;
  const row = await circulatedBy(database, prescriptionId, call.actor, 'Endorse');
  if (isRefused(row)) return row;
  const evidence = await judge(deps, row, request, call);
  if (isRefused(evidence)) return evidence;
  const decided = await dispensing.resume({ prescriptionId, doctorId, evidence }, askedBy(call, row.lastEventId));
  if (isRefused(decided)) return decided;
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'prescription.endorse', EndorseResponse));
    if (earlier !== undefined) return earlier;
    const answer = { prescriptionId, status: decided.status };
    await rememberAnswer(tx, client, EndorseResponse, answer);
    return answer;
  });
}

async function judge(
  { database, reference, verification }: Deps,
  row: PrescriptionRow & { documentSm3: string },
  { prescriptionId, doctorId, document, signature }: EndorseRequest,
  call: Call,
) {
  const { hospitalId, documentSm3: prescriptionSm3 } = row;
  const checked = await verification.checkEndorsement(
    { document, doctorId, signature, hospitalId, prescriptionId, prescriptionSm3 },
    askedBy(call, row.lastEventId),
  );
  const { evidence, refused } = isRefused(checked)
    ? { evidence: undefined, refused: checked.refused }
    : { evidence: checked.evidence, refused: [] };
  const endorser = { doctorId, doctor: reference.practitioner(doctorId) };
  const lines = await findLines(database, prescriptionId);
  const problems = endorsementProblems({ ...row, lines }, endorser, { evidence, refused }, call.at);
  if (problems.length > 0) return { refused: problems };
  if (evidence === undefined) throw new Error('an endorsement was checked, but nothing is left to keep of it');
  return evidence;
}
