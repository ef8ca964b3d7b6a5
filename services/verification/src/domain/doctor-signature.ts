import { refusal } from '@erx/errors';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import type { Offered } from './evidence-list.ts';
import { type Judged, validProof } from './proof.ts';
import { signingKey } from './signing-key.ts';

export type SignedPrescription = {
  bytes: Uint8Array;
  doctorId: string;
  /** When the doctor says to have prescribed, which is when the key has to be valid. */
  prescribedAt: Date;
  hospitalId: string;
};

const NOTHING = new Uint8Array();

/** HB-42a, CX-28a: the doctor named in the document, of this hospital, signed exactly these bytes. */
export function judgeDoctor(
  offered: Offered | undefined,
  document: SignedPrescription,
  doctor: Practitioner | undefined,
  at: Date,
): Judged {
  if (offered === undefined) return invalid('MISSING', '/evidence');
  const { pointer, format, signer, signature } = offered;
  if (format !== 'SM2_RAW') return invalid('UNKNOWN_FORMAT', `${pointer}/format`);
  if (signer !== document.doctorId) return invalid('NOT_THE_PRESCRIBER', `${pointer}/signer`);
  if (doctor?.kind !== 'DOCTOR') return invalid('UNKNOWN_DOCTOR', `${pointer}/signer`);
  if (doctor.institutionId !== document.hospitalId) {
    const detail = { doctorId: doctor.practitionerId, hospitalId: document.hospitalId };
    return { refused: [refusal('DOCTOR_NOT_AT_INSTITUTION', detail, `${pointer}/signer`)] };
  }
  const { bytes, prescribedAt: signedAt } = document;
  const keyId = signingKey(doctor.keys, { bytes, signature, signedAt }, at);
  if (keyId === undefined) return invalid('NO_KEY_ON_RECORD_MADE_IT', `${pointer}/signature`);
  return validProof({ role: 'DOCTOR', signer, format, signature, keyId, signedAt }, bytes, NOTHING);
}

function invalid(problem: string, field: string): Judged {
  return { refused: [refusal('DOCTOR_SIGNATURE_INVALID', { problem }, field)] };
}
