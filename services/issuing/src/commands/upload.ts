import { isRefused, type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import { type UploadRequest, UploadResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { decide } from '../domain/decide.ts';
import { evidenceProblems, proofOf } from '../domain/evidence.ts';
import { readJson } from '../domain/medical-part.ts';
import type { Command } from '../domain/prescription.ts';
import { stepsOf } from '../domain/steps.ts';
import { termsOf } from '../domain/terms.ts';
import { judgedAct, prescriptionCirculating } from '../outbound/events.ts';
import type { QrOf } from '../outbound/qr.ts';
import { insertEvidence } from '../store/evidence-store.ts';
import { findContents, lockPrescription, onTheWay, saveCirculating } from '../store/prescription-store.ts';
import { appendSteps } from '../store/step-store.ts';
import { earlierAnswer } from './earlier-answer.ts';

type Deps = { database: Database; reference: Lookups; qrOf: QrOf };

/**
 * 上传: the signed document with its evidence goes into circulation; signed, reviewed, consented and circulating in one
 * step. Measured by value against what the pre-check allowed. Another hospital's prescription is PRESCRIPTION_NOT_FOUND.
 */
export async function upload(deps: Deps, request: UploadRequest, call: Call): Promise<UploadResponse | Refused> {
  const { database } = deps;
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  const known = earlierAnswer(await recall(database, client, UploadResponse));
  if (known !== undefined) return known;
  const problems = evidenceProblems(request.evidence);
  if (problems.length > 0) return { refused: problems };
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'prescription.upload', UploadResponse));
    if (earlier !== undefined) return earlier;
    const answer = await circulate(tx, deps, request, call);
    if (isRefused(answer)) return answer;
    await rememberAnswer(tx, client, UploadResponse, answer);
    return answer;
  });
}

async function circulate(
  tx: Tx,
  { reference, qrOf }: Deps,
  request: UploadRequest,
  call: Call,
): Promise<UploadResponse | Refused> {
  const { prescriptionId, evidence } = request;
  const row = await lockPrescription(tx, prescriptionId);
  if (row === undefined || row.hospitalId !== call.actor.institutionId) {
    return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/prescriptionId');
  }
  const contents = await findContents(tx, prescriptionId);
  const terms = termsOf(row, contents.lines, contents.diagnoses);
  const decision = decide(onTheWay(row) ?? { state: 'PRECHECKED', terms }, commandsOf(request, call.at));
  if (isRefused(decision)) return decision;
  const { hiRxno, rxTraceCode, hospitalId, poolingRegion, profileVersion, retainUntil } = row;
  const document = { sealed: request.documentSealed, sm3: request.documentSm3 };
  const hospitalPharmacistId = proofOf(evidence, 'HOSPITAL_PHARMACIST')?.signer ?? '';
  const event = prescriptionCirculating(
    { row, contents, document, hospitalPharmacistId, evidence },
    judgedAct(call, profileVersion, contents.lines, reference.territory([hospitalId], poolingRegion)),
  );
  const { prescription, events } = decision;
  await Promise.all([
    saveCirculating(tx, prescriptionId, { prescription, eventId: event.id }, { ...document, at: call.at }),
    insertEvidence(tx, prescriptionId, evidence, retainUntil),
    appendSteps(tx, prescriptionId, events.flatMap(stepsOf), { ...call, profileVersion, eventId: event.id }),
    appendToOutbox(tx, [event]),
  ]);
  const qr = qrOf(rxTraceCode);
  return { prescriptionId, hiRxno, rxTraceCode, qr, status: prescription.state, circulatingAt: call.at };
}

function commandsOf({ medicalPart, personId, documentSm3, evidence }: UploadRequest, at: Date): Command[] {
  const consent = proofOf(evidence, 'PATIENT_CONSENT');
  const document = { personId, medicalPart: readJson(medicalPart), sm3: documentSm3 };
  return [
    { type: 'Sign', document, proof: proofOf(evidence, 'DOCTOR'), at },
    { type: 'Review', proof: proofOf(evidence, 'HOSPITAL_PHARMACIST') },
    ...(consent === undefined ? [] : [{ type: 'Consent' as const, proof: consent }]),
    { type: 'Circulate' },
  ];
}
