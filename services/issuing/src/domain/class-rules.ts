// What the region's profile demands for a class of drugs. A list entry is only found for classes of the scheme, so its
// text is one of them.
import type { DrugClass, ProfileValues } from '@erx/reference';

/** What the hospital needs: a designation role, or the insurance designation alone (GJ-6c, HB-6a, HB-14, JL-1-2b). */
export function hospitalRuleOf(values: ProfileValues, drugClass: string) {
  return (values.institutionRuleByClass[drugClass as DrugClass] ?? values.institutionRuleDefault).hospital;
}

/** Which scheme admits the doctor (GJ-6d, HB-42a, HB-42b, JL-2-1a). */
export function doctorSchemeOf(values: ProfileValues, drugClass: string) {
  return values.doctorSchemeByClass[drugClass as DrugClass] ?? values.doctorSchemeDefault;
}

/** Medical category (医疗类别) of ordinary outpatient care. */
const ORDINARY = '11';

/** HB-34a, HB-35: the medical category of the benefit that pays for this class. */
export function categoryOf(values: ProfileValues, drugClass: string): string {
  return drugClass === 'SEPARATE_PAY' ? (values.spdMedicalCategory ?? ORDINARY) : ORDINARY;
}
