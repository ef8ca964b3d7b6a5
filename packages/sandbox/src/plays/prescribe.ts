import { sm3Hex } from '@erx/gm';
import { formatInstant } from '@erx/values';
import { prescriptionContent, type SignedDocument, signed } from '../clients/documents.ts';
import { doctorEvidence, reviewEvidence } from '../clients/hospital.ts';
import type { Answer } from '../clients/http.ts';
import { handwrittenConsent } from '../clients/identity-authority.ts';
import { signatureImage } from '../clients/signature-image.ts';
import type { Evidence, Person, Prechecked, Prescribed, Uploaded } from '../clients/types.ts';
import { HUBEI } from '../world/periods.ts';
import { accepted } from './outcome.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

/** A prescription in circulation. */
export type Issued = {
  prescriptionId: string;
  hiRxno: string;
  qr: string;
  documentSm3: string;
  circulatingSince: number;
};

export function patientOf({ person: { record } }: Visit): Person {
  const { certType, certNo, name, phone } = record;
  return { certType, certNo, name, phone };
}

export function prescribedIn(scene: Scene, visit: Visit): Prescribed {
  return {
    patient: patientOf(visit),
    doctorId: visit.doctor.record.practitionerId,
    category: visit.category,
    // Whole seconds: the signed document says the same instant.
    prescribedAt: formatInstant(new Date(Math.floor(scene.now().getTime() / 1_000) * 1_000)),
    diagnoses: visit.diagnoses,
    lines: visit.lines.map(({ drug, packs, days }) => ({
      drugCode: drug.record.drugCode,
      quantity: String(packs),
      days,
      usage: drug.usage,
    })),
    outflowReason: visit.person.province === HUBEI ? 'TEMPORARILY_UNABLE' : 'NOT_STOCKED',
  };
}

/** The doctor signs what the pre-check allowed. */
export function doctorSigns(visit: Visit, prescribed: Prescribed, prechecked: Prechecked): SignedDocument {
  const content = prescriptionContent(prescribed, prechecked, visit.hospital.record.institutionId);
  return signed(visit.doctor.signer.privateKey, content);
}

/** Everything that belongs to a signed document: doctor, hospital pharmacist, patient. */
export function evidenceFor(scene: Scene, visit: Visit, prechecked: Prechecked, document: SignedDocument): Evidence[] {
  const { prescriptionId, hiRxno } = prechecked;
  const { signer, record } = visit.hospitalPharmacist;
  const documentSm3 = sm3Hex(document.bytes);
  return [
    doctorEvidence(visit.doctor.record.practitionerId, document),
    reviewEvidence(signer.privateKey, document.bytes, {
      prescriptionId,
      hiRxno,
      reviewer: record.practitionerId,
      institutionId: record.institutionId,
      opinion: 'APPROVED',
      reviewedAt: scene.now(),
    }),
    visit.consent === 'STATEMENT'
      ? scene.identityAuthority.consent(documentSm3, patientOf(visit), scene.now())
      : handwrittenConsent(documentSm3, signatureImage(visit.number)),
  ];
}

export function send(
  scene: Scene,
  visit: Visit,
  prechecked: Prechecked,
  document: SignedDocument,
  evidence: Evidence[],
): Promise<Answer<Uploaded>> {
  const doctorId = visit.doctor.record.practitionerId;
  return scene.hospital(visit.hospital).upload(prechecked.prescriptionId, document.bytes, evidence, doctorId);
}

export function precheck(
  scene: Scene,
  visit: Visit,
  prescribed = prescribedIn(scene, visit),
): Promise<Answer<Prechecked>> {
  return scene.hospital(visit.hospital).precheck(prescribed);
}

/** Pre-check and signed upload, the right way. */
export async function prescribe(scene: Scene, visit: Visit, more: Partial<Prescribed> = {}): Promise<Issued> {
  const prescribed = { ...prescribedIn(scene, visit), ...more };
  const prechecked = accepted('pre-check', await precheck(scene, visit, prescribed));
  return upload(scene, visit, prescribed, prechecked);
}

export async function upload(
  scene: Scene,
  visit: Visit,
  prescribed: Prescribed,
  prechecked: Prechecked,
): Promise<Issued> {
  const document = doctorSigns(visit, prescribed, prechecked);
  const evidence = evidenceFor(scene, visit, prechecked, document);
  const { prescriptionId, hiRxno, qr } = accepted('upload', await send(scene, visit, prechecked, document, evidence));
  return { prescriptionId, hiRxno, qr, documentSm3: sm3Hex(document.bytes), circulatingSince: performance.now() };
}
