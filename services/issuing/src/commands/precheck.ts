import { isRefused, type Refusal, type Refused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import { type PrecheckRequest, PrecheckResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Call } from '@erx/rpc';
import { decide } from '../domain/decide.ts';
import { judgePrecheck } from '../domain/judge-precheck.ts';
import type { Numbers } from '../domain/numbers.ts';
import { replacementProblems } from '../domain/replacement.ts';
import { formProblems } from '../domain/request-form.ts';
import { stepsOf } from '../domain/steps.ts';
import { termsOf } from '../domain/terms.ts';
import { judgedAct, lineMessage, prescriptionPrechecked } from '../outbound/events.ts';
import { findPrescription, insertPrescription } from '../store/prescription-store.ts';
import { appendSteps } from '../store/step-store.ts';
import { type Draft, draftPrescription } from './draft-prescription.ts';
import { earlierAnswer } from './earlier-answer.ts';
import { gatherFacts, type Sources } from './gather-facts.ts';

type Deps = Sources & { database: Database; numbers: Numbers };

/**
 * 预核验: judges a prescription before it is signed, and allots its numbers. Every reason against it comes at once, and a
 * refused one leaves nothing behind. Throws UnavailableError when registry does not answer.
 */
export async function precheck(deps: Deps, request: PrecheckRequest, call: Call): Promise<PrecheckResponse | Refused> {
  const { database } = deps;
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  const known = earlierAnswer(await recall(database, client, PrecheckResponse));
  if (known !== undefined) return known;
  const { patient, prescribedAt } = request;
  const problems = formProblems(request, call.at);
  if (problems.length > 0 || patient === undefined || prescribedAt === undefined) return { refused: problems };
  const unreplaceable = await replacing(database, request, patient.personId, call);
  if (unreplaceable.length > 0) return { refused: unreplaceable };
  const facts = await gatherFacts(deps, request, patient.personId, prescribedAt, call);
  if (isRefused(facts)) return facts;
  const judged = judgePrecheck(facts);
  if (isRefused(judged)) return judged;
  const draft = await draftPrescription(deps.numbers, { request, patient, facts, judged }, call.at);
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'prescription.precheck', PrecheckResponse));
    if (earlier !== undefined) return earlier;
    const answer = await store(tx, deps, draft, call);
    if (isRefused(answer)) return answer;
    await rememberAnswer(tx, client, PrecheckResponse, answer);
    return answer;
  });
}

/** 重开: what stands against the link to an earlier prescription. A withdrawn one stays so: it need not be locked. */
async function replacing(
  database: Database,
  { replaces }: PrecheckRequest,
  personId: string,
  { actor: { institutionId: hospitalId } }: Call,
): Promise<Refusal[]> {
  if (replaces === '') return [];
  return replacementProblems(await findPrescription(database, replaces), { hospitalId, personId });
}

async function store(
  tx: Tx,
  { reference }: Deps,
  { row, lines, diagnoses }: Draft,
  call: Call,
): Promise<PrecheckResponse | Refused> {
  const decision = decide({ state: 'NONE' }, [{ type: 'Precheck', terms: termsOf(row, lines, diagnoses) }]);
  if (isRefused(decision)) return decision;
  const { prescriptionId, hiRxno, rxTraceCode, hospitalId, doctorId, personId, validUntil, profileVersion } = row;
  const replaces = row.replaces ?? '';
  const act = judgedAct(call, profileVersion, lines, reference.territory([hospitalId], row.poolingRegion));
  const event = prescriptionPrechecked(
    { prescriptionId, hiRxno, hospitalId, doctorId, personId, replaces },
    act,
    call.causationId,
  );
  await insertPrescription(
    tx,
    { ...row, status: decision.prescription.state, version: 1n, lastEventId: event.id },
    lines,
    diagnoses,
  );
  await appendSteps(tx, prescriptionId, decision.events.flatMap(stepsOf), {
    ...call,
    profileVersion,
    eventId: event.id,
  });
  await appendToOutbox(tx, [event]);
  const { judgement } = act;
  return { prescriptionId, hiRxno, rxTraceCode, validUntil, lines: lines.map(lineMessage), judgement };
}
