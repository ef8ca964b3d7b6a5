import type { Refusal } from '@erx/errors';
import { admissionProblems } from '../admission.ts';
import { doctorSchemeOf } from '../class-rules.ts';
import { listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/** GJ-6d: the doctor who prescribes is admitted to every class of drug on the prescription, at the issue time. */
export function doctorAdmission(facts: PrecheckFacts): Refusal[] {
  const { doctor, hospital, issuedAt, profile } = facts;
  const classes = listedLines(facts).map(({ entry: { drugClass } }) => {
    return { drugClass, scheme: doctorSchemeOf(profile.values, drugClass) };
  });
  return admissionProblems({ doctor, hospitalId: hospital.institutionId, at: issuedAt, classes });
}
