import { isRefused, type Refused, refusal } from '@erx/errors';
import { sm3Hex } from '@erx/gm';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import type { CheckUploadRequest, CheckUploadResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { evidenceByRole } from '../domain/evidence-list.ts';
import { judgeUpload } from '../domain/judge-upload.ts';
import { readPrescription } from '../domain/prescription-document.ts';
import type { Parts } from '../parts.ts';
import { type KnownPerson, knownPerson } from './known-person.ts';

/**
 * Checks a signed prescription with everything that proves it, and seals what is personal. All problems at once. Changes
 * nothing: the proofs are issuing's to keep.
 */
export async function checkUpload(
  parts: Parts,
  request: CheckUploadRequest,
  call: Call,
): Promise<CheckUploadResponse | Refused> {
  const { people, reference } = parts;
  const { prescriptionId, hospitalId, document: bytes } = request;
  const { offered, refused: malformed } = evidenceByRole(request.evidence);
  const document = readPrescription(bytes);
  if (isRefused(document)) return { refused: [...document.refused, ...malformed] };
  const documentSm3 = sm3Hex(bytes);
  const { patient, medicalPart } = document;
  const asked = { name: patient.name, field: '/document', operation: 'prescription.upload' };
  const known = await knownPerson(parts, await people.recall(patient, call), asked, call);
  const { proofs, refused } = judgeUpload(
    { prescriptionId, hospitalId, bytes, documentSm3, document, offered, at: call.at },
    reference,
  );
  // The pre-check saw a known person with the right name: the document says something else.
  const other = 'code' in known ? [refusal('PRESCRIPTION_TAMPERED', { pointers: '/patient' }, '/document')] : [];
  const all = [...malformed, ...other, ...refused];
  if (all.length > 0 || 'code' in known) return { refused: all };
  const { person, keys } = known;
  return {
    personId: person.personId,
    medicalPart: Buffer.from(JSON.stringify(medicalPart)),
    documentSealed: keys.seal({ personId: person.personId, field: 'document', binding: [prescriptionId] }, bytes),
    documentSm3,
    evidence: proofs.map((proof) => sealConsent(proof, known, prescriptionId)),
  };
}

/** A consent names the person; its content does too, so it is sealed. */
function sealConsent(proof: Evidence, { person, keys }: KnownPerson, prescriptionId: string): Evidence {
  if (proof.role !== 'PATIENT_CONSENT') return proof;
  const { personId } = person;
  const content = keys.seal({ personId, field: 'consent', binding: [prescriptionId] }, proof.content);
  return { ...proof, signer: personId, content, contentSealed: true };
}
