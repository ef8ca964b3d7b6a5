import { type Refusal, refusal } from '@erx/errors';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { type Endorsement, readEndorsement } from './endorsement-document.ts';
import { type Judged, validProof } from './proof.ts';
import { signingKey } from './signing-key.ts';

export type OfferedEndorsement = { bytes: Uint8Array; doctorId: string; signature: string };

/** What the endorsement has to be about, and who may sign it. */
export type EndorsementFacts = {
  hospitalId: string;
  prescriptionId: string;
  prescriptionSm3: string;
  /** The signer, if the reference data knows such a person. */
  doctor: Practitioner | undefined;
  at: Date;
};

/**
 * HB-22-0, HB-42a: a doctor of this hospital, by a key valid when it was signed, stands for exactly this prescription. Every
 * reason against it at once; whether the rules admit this doctor is issuing's question.
 */
export function judgeEndorsement(offered: OfferedEndorsement, facts: EndorsementFacts): Judged {
  const { bytes, doctorId, signature } = offered;
  const read = readEndorsement(bytes);
  if ('problem' in read) {
    return { refused: [refusal('REQUEST_INVALID', { problem: read.problem, pointer: read.pointer }, '/document')] };
  }
  const { endorsement } = read;
  const { doctor, at } = facts;
  const signedAt = endorsement.endorsedAt;
  const named = endorsement.doctorId === doctorId && doctor?.kind === 'DOCTOR';
  const keyId = named ? signingKey(doctor.keys, { bytes, signature, signedAt }, at) : undefined;
  const refused = [...placeProblems(offered, endorsement, facts), ...bindingProblems(endorsement, facts)];
  if (keyId === undefined) {
    const problem = named ? 'NO_KEY_ON_RECORD_MADE_IT' : 'NOT_THE_DOCTOR_NAMED';
    refused.push(refusal('DOCTOR_SIGNATURE_INVALID', { problem, doctorId }, '/signature'));
  }
  if (keyId === undefined || refused.length > 0) return { refused };
  return validProof({ role: 'ENDORSEMENT', signer: doctorId, format: 'SM2_RAW', signature, keyId, signedAt }, bytes);
}

/** HB-16d: of the hospital that issued it, and signed for that hospital. */
function placeProblems({ doctorId }: OfferedEndorsement, endorsement: Endorsement, facts: EndorsementFacts): Refusal[] {
  const { hospitalId, doctor } = facts;
  const here = doctor === undefined || doctor.institutionId === hospitalId;
  if (here && endorsement.hospitalId === hospitalId) return [];
  return [refusal('DOCTOR_NOT_AT_INSTITUTION', { doctorId, hospitalId }, '/doctorId')];
}

/** CX-28c: an endorsement of other bytes is none of this prescription. */
function bindingProblems(endorsement: Endorsement, { prescriptionId, prescriptionSm3 }: EndorsementFacts): Refusal[] {
  const bound = endorsement.prescriptionId === prescriptionId && endorsement.prescriptionSm3 === prescriptionSm3;
  return bound ? [] : [refusal('PRESCRIPTION_TAMPERED', { problem: 'ENDORSEMENT_OF_ANOTHER_DOCUMENT' }, '/document')];
}
