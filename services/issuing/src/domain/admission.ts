import { type Refusal, type RefusalCode, refusal } from '@erx/errors';
import type { DoctorFiling, Practitioner } from '@erx/proto/registry/v1/registry_events';
import { inPeriod, periodAt } from '@erx/reference';
import { businessDate } from '@erx/values';

export type Admission = {
  doctor: Practitioner | undefined;
  hospitalId: string;
  at: Date;
  /** Classes of the prescription's drugs, and by which scheme the region admits doctors to each. */
  classes: readonly { drugClass: string; scheme: string }[];
};

/** GJ-6d, HB-6c, HB-14, HB-42a, HB-42b, JL-2-1c, JL-4-2b: the doctor works here, is licensed, and the scheme admits them. */
export function admissionProblems({ doctor, hospitalId, at, classes }: Admission): Refusal[] {
  const refuseFor = (code: RefusalCode, figures: Record<string, string>) => refusal(code, figures, '/doctorId');
  if (doctor === undefined || doctor.kind !== 'DOCTOR') {
    return [refuseFor('DOCTOR_NOT_AT_INSTITUTION', { hospitalId })];
  }
  const figures = { doctorId: doctor.practitionerId, date: businessDate(at) };
  const refused: Refusal[] = [];
  if (doctor.institutionId !== hospitalId) {
    refused.push(refuseFor('DOCTOR_NOT_AT_INSTITUTION', { ...figures, hospitalId }));
  }
  if (!doctor.licensed.some((period) => inPeriod(period, at))) {
    refused.push(refuseFor('DOCTOR_FILING_EXPIRED', { ...figures, what: 'LICENCE' }));
  }
  for (const [scheme, ofScheme] of Map.groupBy(classes, (each) => each.scheme)) {
    const drugClasses = [...new Set(ofScheme.map(({ drugClass }) => drugClass))].join(' ');
    if (scheme === 'INSURED_PHYSICIAN') {
      const insured = doctor.insuredPhysician.some((period) => inPeriod(period, at));
      if (!insured) refused.push(refuseFor('DOCTOR_NOT_INSURED_PHYSICIAN', { ...figures, drugClasses }));
      continue;
    }
    // The nation's and a prefecture's own filing are the filing of a responsible doctor under another name.
    const code = problemOfFiling(doctor, scheme === 'TREATING' ? 'TREATING' : 'RESPONSIBLE', at);
    if (code !== undefined) refused.push(refuseFor(code, { ...figures, scheme, drugClasses }));
  }
  return refused;
}

/** SM-3 at an instant; undefined when the filing admits the doctor. */
function problemOfFiling(doctor: Practitioner, scheme: string, at: Date): RefusalCode | undefined {
  const filings = doctor.filings.filter((filing) => filing.scheme === scheme);
  const current = filingAt(filings, at);
  if (current === undefined && filings.some(({ period }) => period?.to !== undefined && period.to <= at)) {
    return 'DOCTOR_FILING_EXPIRED';
  }
  switch (current?.status) {
    case 'FILED':
      return undefined;
    case 'SUSPENDED':
      return 'DOCTOR_SUSPENDED';
    case 'REVOKED':
      return 'DOCTOR_REVOKED';
    case 'EXPIRED':
      return 'DOCTOR_FILING_EXPIRED';
    default: {
      const certifies = doctor.filings.filter((filing) => filing.scheme === 'CERTIFYING');
      const certifying = filingAt(certifies, at)?.status === 'FILED';
      return scheme === 'TREATING' && certifying ? 'DOCTOR_ROLE_NOT_TREATING' : 'DOCTOR_NOT_FILED';
    }
  }
}

function filingAt(filings: readonly DoctorFiling[], at: Date): DoctorFiling | undefined {
  return periodAt(filings, (filing) => filing.period, at);
}
