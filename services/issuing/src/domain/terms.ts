import type { Diagnosis, PrescriptionLine } from '@erx/proto/common/v1/common';
import { DOCUMENT_SCHEMA, type MedicalPart, quantityText } from './medical-part.ts';
import type { Terms } from './prescription.ts';

/** A prescription as the pre-check allowed it. */
export type Allowed = Omit<Terms, 'medicalPart'> & {
  prescriptionId: string;
  hiRxno: string;
  rxTraceCode: string;
  hospitalId: string;
  category: string;
  prescribedAt: Date;
};

/** By what an upload is measured; lines and diagnoses in the order of the request. */
export function termsOf(
  { doctorId, personId, validUntil, consentRequired, ...rest }: Allowed,
  lines: readonly Omit<PrescriptionLine, 'drugClass'>[],
  diagnoses: readonly Diagnosis[],
): Terms {
  const { prescriptionId, hiRxno, rxTraceCode, hospitalId, category, prescribedAt } = rest;
  const medicalPart: MedicalPart = {
    schema: DOCUMENT_SCHEMA,
    prescriptionId,
    hiRxno,
    rxTraceCode,
    hospitalId,
    doctorId,
    category,
    prescribedAt: prescribedAt.toISOString(),
    validUntil: validUntil.toISOString(),
    diagnoses: diagnoses.map(({ code, name }) => ({ code, name })),
    lines: lines.map(({ lineNo, drugCode, genericName, specification, quantity, days, usage }) => ({
      lineNo,
      drugCode,
      genericName,
      specification,
      quantity: quantityText(quantity),
      days,
      usage,
    })),
  };
  return { doctorId, personId, validUntil, consentRequired, medicalPart };
}
