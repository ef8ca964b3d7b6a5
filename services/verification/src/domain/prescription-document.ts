import { type Refused, refusal } from '@erx/errors';
import { parseInstant } from '@erx/values';
import { isObject, type JsonObject, readSignedJson } from './signed-json.ts';

const SCHEMA = 'erx.prescription.v1';
const PATIENT = ['certType', 'certNo', 'name'] as const;

type Patient = Record<(typeof PATIENT)[number], string>;

/** What verification has to understand of a signed prescription; everything else issuing compares with the pre-check. */
export type PrescriptionDocument = {
  prescriptionId: string;
  hiRxno: string;
  doctorId: string;
  prescribedAt: Date;
  patient: Patient;
  /** The document without the patient. */
  medicalPart: JsonObject;
};

/** Reads `erx.prescription.v1`. Refusals REQUEST_INVALID name places of the document, never its content. */
export function readPrescription(bytes: Uint8Array): PrescriptionDocument | Refused {
  const read = readSignedJson(bytes);
  if ('problem' in read) return invalid([['', read.problem]]);
  const { patient, ...medicalPart } = read.value;
  const { schema, prescriptionId, hiRxno, doctorId, prescribedAt } = medicalPart;
  const instant = typeof prescribedAt === 'string' ? parseInstant(prescribedAt) : undefined;
  const problems: [pointer: string, problem: string][] = patientProblems(patient);
  if (schema !== SCHEMA) problems.push(['/schema', 'UNKNOWN_SCHEMA']);
  if (instant === undefined) problems.push(['/prescribedAt', 'NOT_AN_INSTANT']);
  for (const [member, value] of Object.entries({ prescriptionId, hiRxno, doctorId })) {
    if (typeof value !== 'string') problems.push([`/${member}`, 'NOT_A_TEXT']);
  }
  if (problems.length > 0 || instant === undefined) return invalid(problems);
  return {
    prescriptionId: String(prescriptionId),
    hiRxno: String(hiRxno),
    doctorId: String(doctorId),
    prescribedAt: instant,
    patient: patient as Patient,
    medicalPart,
  };
}

function patientProblems(patient: unknown): [string, string][] {
  if (!isObject(patient)) return [['/patient', 'NOT_AN_OBJECT']];
  const wrong = PATIENT.filter((member) => typeof patient[member] !== 'string');
  const problems = wrong.map((member): [string, string] => [`/patient/${member}`, 'NOT_A_TEXT']);
  // A member without meaning could hold anything about the person. Its name is the sender's text: not repeated.
  if (Object.keys(patient).length > PATIENT.length - wrong.length) problems.push(['/patient', 'UNKNOWN_MEMBER']);
  return problems;
}

function invalid(problems: readonly (readonly [pointer: string, problem: string])[]): Refused {
  return {
    refused: problems.map(([pointer, problem]) => refusal('REQUEST_INVALID', { pointer, problem }, '/document')),
  };
}
