import { sm3Hex } from '@erx/gm';
import { type Review, reviewContent, type SignedDocument, signed } from './documents.ts';
import type { Answer, Session } from './http.ts';
import type { Evidence, Prechecked, Prescribed, PrescriptionOfHospital, Standing, Uploaded } from './types.ts';

/** A hospital's prescribing program (医院 HIS): pre-check, signed upload, read back, withdrawal, a second signature. */
export class HospitalClient {
  readonly hospitalId: string;
  readonly #session: Session;

  constructor(session: Session, hospitalId: string) {
    this.#session = session;
    this.hospitalId = hospitalId;
  }

  /** Asks whether this may be prescribed and gets its numbers; every problem comes at once. */
  precheck(prescribed: Prescribed): Promise<Answer<Prechecked>> {
    return this.#session.send({
      step: 'pre-check',
      method: 'POST',
      path: '/v1/prescriptions/pre-check',
      operator: prescribed.doctorId,
      body: prescribed,
    });
  }

  upload(
    prescriptionId: string,
    document: Uint8Array,
    evidence: Evidence[],
    operator: string,
  ): Promise<Answer<Uploaded>> {
    return this.#session.send({
      step: 'upload',
      method: 'POST',
      path: `/v1/prescriptions/${prescriptionId}/upload`,
      operator,
      body: { document: Buffer.from(document).toString('base64'), evidence },
    });
  }

  /** Takes back what is not sold (撤方). */
  withdraw(prescriptionId: string, reason: string, operator: string): Promise<Answer<Standing>> {
    return this.#session.send({
      step: 'withdraw',
      method: 'POST',
      path: `/v1/prescriptions/${prescriptionId}/withdraw`,
      operator,
      body: { reason },
    });
  }

  /** Another doctor signs a prescription on hold. */
  endorse(prescriptionId: string, doctorId: string, { bytes, signature }: SignedDocument): Promise<Answer<Standing>> {
    return this.#session.send({
      step: 'endorse',
      method: 'POST',
      path: `/v1/prescriptions/${prescriptionId}/endorse`,
      operator: doctorId,
      body: { doctorId, document: Buffer.from(bytes).toString('base64'), signature },
    });
  }

  read(prescriptionId: string, operator: string): Promise<Answer<PrescriptionOfHospital>> {
    return this.#session.send({
      step: 'read-back',
      method: 'GET',
      path: `/v1/prescriptions/${prescriptionId}`,
      operator,
    });
  }
}

export function doctorEvidence(doctorId: string, document: SignedDocument): Evidence {
  return { role: 'DOCTOR', format: 'SM2_RAW', signer: doctorId, signature: document.signature };
}

/** The hospital pharmacist reviews rational use and payment, and signs for exactly this document. */
export function reviewEvidence(
  privateKey: string,
  document: Uint8Array,
  review: Omit<Review, 'prescriptionSm3'>,
): Evidence {
  const { bytes, signature } = signed(privateKey, reviewContent({ ...review, prescriptionSm3: sm3Hex(document) }));
  return {
    role: 'HOSPITAL_PHARMACIST',
    format: 'SM2_RAW',
    signer: review.reviewer,
    content: Buffer.from(bytes).toString('base64'),
    signature,
  };
}
