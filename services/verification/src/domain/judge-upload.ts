import { type Refusal, refusal } from '@erx/errors';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import type { Lookups } from '@erx/reference';
import { judgeConsent } from './consent.ts';
import { judgeDoctor } from './doctor-signature.ts';
import type { Offered, OfferedByRole } from './evidence-list.ts';
import { judgeReview, reservations } from './judge-review.ts';
import type { PrescriptionDocument } from './prescription-document.ts';
import type { Judged } from './proof.ts';

export type Upload = {
  prescriptionId: string;
  hospitalId: string;
  bytes: Uint8Array;
  documentSm3: string;
  document: PrescriptionDocument;
  offered: OfferedByRole;
  at: Date;
};

/** The proofs that hold, in the order doctor, pharmacist, patient; and everything that speaks against the upload. */
export function judgeUpload(
  upload: Upload,
  reference: Pick<Lookups, 'practitioner' | 'institution' | 'profile'>,
): { proofs: Evidence[]; refused: Refusal[] } {
  const { bytes, document, documentSm3, hospitalId, offered, at } = upload;
  const doctor = reference.practitioner(document.doctorId);
  const judged = [
    judgeDoctor(offered.DOCTOR, { ...document, bytes, hospitalId }, doctor, at),
    judgeHospitalReview(offered.HOSPITAL_PHARMACIST, upload, reference),
    judgeConsent(offered.PATIENT_CONSENT, {
      documentSm3,
      certNo: document.patient.certNo,
      required: isConsentRequired(upload, reference),
      authority: reference.institution(offered.PATIENT_CONSENT?.signer ?? ''),
      at,
    }),
  ];
  const named = document.prescriptionId === upload.prescriptionId;
  const other = refusal('PRESCRIPTION_TAMPERED', { pointers: '/prescriptionId' }, '/document');
  return {
    proofs: judged.flatMap(({ proof }) => proof ?? []),
    refused: [...(named ? [] : [other]), ...judged.flatMap(({ refused }) => refused)],
  };
}

/** GJ-3e, CX-21g: the hospital's own pharmacist has passed rational use and insurance payment. */
function judgeHospitalReview(
  offered: Offered | undefined,
  { prescriptionId, hospitalId, documentSm3, document, at }: Upload,
  reference: Pick<Lookups, 'practitioner'>,
): Judged {
  if (offered === undefined) return { refused: [refusal('REVIEW_MISSING', { problem: 'MISSING' }, '/evidence')] };
  const { pointer, signer, signature, content: bytes, format } = offered;
  if (format !== 'SM2_RAW') {
    return { refused: [refusal('REVIEW_MISSING', { problem: 'UNKNOWN_FORMAT' }, `${pointer}/format`)] };
  }
  const pointers = { bytes: `${pointer}/content`, signer: `${pointer}/signer`, signature: `${pointer}/signature` };
  const { review, ...judged } = judgeReview(
    { bytes, signer, signature, pointers },
    {
      kind: 'HOSPITAL_PHARMACIST',
      institutionId: hospitalId,
      prescriptionId,
      prescriptionSm3: documentSm3,
      reviewer: reference.practitioner(signer),
      at,
    },
  );
  if (review === undefined) return judged;
  const failed = reservations(review);
  if (failed !== undefined) return { refused: [refusal('REVIEW_FAILED', failed, pointers.bytes)] };
  if (review.hiRxno === document.hiRxno) return judged;
  return { refused: [refusal('PRESCRIPTION_TAMPERED', { problem: 'REVIEW_OF_ANOTHER_NUMBER' }, pointers.bytes)] };
}

/** By the profile of the hospital's place at the issue time; true where none says otherwise. */
function isConsentRequired(
  { hospitalId, document }: Upload,
  reference: Pick<Lookups, 'institution' | 'profile'>,
): boolean {
  const division = reference.institution(hospitalId)?.division;
  const profile = division === undefined ? undefined : reference.profile(division, document.prescribedAt);
  return profile?.values.patientConsentRequired ?? true;
}
