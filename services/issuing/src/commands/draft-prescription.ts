import { randomBytes, randomUUID } from 'node:crypto';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import type { PrecheckRequest } from '@erx/proto/issuing/v1/issuing_service';
import { addHours, businessDate, makeHiRxno, makeRxTraceCode } from '@erx/values';
import type { Judged, JudgedLine } from '../domain/judge-precheck.ts';
import type { Numbers } from '../domain/numbers.ts';
import type { PrecheckFacts } from '../domain/precheck-facts.ts';
import { retainUntil } from '../domain/retention.ts';
import type { DiagnosisRow, LineRow, PrescriptionRow } from '../store/prescription-store.ts';

const HOURS_OF_A_DAY = 24;

export type Draft = {
  row: Omit<PrescriptionRow, 'lastEventId' | 'status' | 'version'>;
  lines: LineRow[];
  diagnoses: DiagnosisRow[];
};

/** Allots the numbers (the serial is taken in a transaction of its own) and lays out what will be stored. */
export async function draftPrescription(
  numbers: Numbers,
  {
    request,
    patient,
    facts,
    judged,
  }: { request: PrecheckRequest; patient: SealedPerson; facts: PrecheckFacts; judged: Judged },
  at: Date,
): Promise<Draft> {
  const { hospital, profile, issuedAt } = facts;
  const { values } = profile;
  const validUntil = addHours(issuedAt, (request.validDays || values.rxValidityDays) * HOURS_OF_A_DAY);
  const prescriptionId = randomUUID();
  const { poolingRegion, insuranceType, remoteFilingRegions } = judged.insurance;
  return {
    row: {
      prescriptionId,
      hiRxno: await nextHiRxno(numbers, hospital.division, at),
      rxTraceCode: makeRxTraceCode((length) => randomBytes(length)),
      hospitalId: hospital.institutionId,
      doctorId: request.doctorId,
      ...patient,
      category: request.category,
      outflowReason: request.outflowReason,
      longPrescription: request.longPrescription,
      prescribedAt: issuedAt,
      validUntil,
      retainUntil: retainUntil(validUntil, values.rxRetentionYears),
      consentRequired: values.patientConsentRequired,
      poolingRegion,
      insuranceType,
      remoteFilingRegions,
      profileVersion: profile.version,
      documentSealed: null,
      documentSm3: null,
      circulatingAt: null,
      awaitingHandOver: [],
      reversing: [],
      replaces: request.replaces === '' ? null : request.replaces,
      withdrawalAnsweredAt: null,
    },
    lines: judged.lines.map((line) => lineRow(prescriptionId, line)),
    diagnoses: request.diagnoses.map(({ code, name }, position) => ({ prescriptionId, position, code, name })),
  };
}

// By the day of allotment, not of issue: a block serves one day, and issue times of two days arrive mixed.
async function nextHiRxno(numbers: Numbers, division: string, at: Date): Promise<string> {
  const day = businessDate(at).replaceAll('-', '');
  return makeHiRxno(division, day, await numbers.next(division, day));
}

function lineRow(prescriptionId: string, { filing, ...line }: JudgedLine): LineRow {
  return { prescriptionId, ...line, filingId: filing?.filingId ?? null, filingStatus: filing?.status ?? null };
}
