import type { Refused } from '@erx/errors';
import type { InsuranceFacts, PrescriptionLine } from '@erx/proto/common/v1/common';
import { doctorSchemeOf, hospitalRuleOf } from './class-rules.ts';
import { type ListedLine, listedLines, type PrecheckFacts, type Rule } from './precheck-facts.ts';
import { diagnosisPresent } from './rules/diagnosis.ts';
import { diseaseScope } from './rules/disease-scope.ts';
import { doctorAdmission } from './rules/doctor-admission.ts';
import { drugInList } from './rules/drug-in-list.ts';
import { hospitalRole } from './rules/hospital-role.ts';
import { activeInsurance, insured, remoteRegions } from './rules/insurance.ts';
import { oneBenefit } from './rules/one-benefit.ts';
import { outflowReason } from './rules/outflow-reason.ts';
import { paymentScope } from './rules/payment-scope.ts';
import { filingOf, qualification } from './rules/qualification.ts';
import { quantityAndDays } from './rules/quantity.ts';

const rules: readonly Rule[] = [
  hospitalRole,
  doctorAdmission,
  insured,
  drugInList,
  diagnosisPresent,
  paymentScope,
  diseaseScope,
  quantityAndDays,
  qualification,
  oneBenefit,
  outflowReason,
];

/** A line that may be prescribed, with what it was judged by. */
export type JudgedLine = PrescriptionLine & {
  listRegion: string;
  listVersion: number;
  institutionRule: string;
  doctorScheme: string;
  filing: { filingId: string; status: string } | undefined;
};

export type Judged = {
  lines: JudgedLine[];
  /** Without the person, whom the rules do not see. */
  insurance: Omit<InsuranceFacts, 'personId'>;
};

/** HB-2b: the prescription as it may be issued, or every reason against it at once. */
export function judgePrecheck(facts: PrecheckFacts): Judged | Refused {
  const refused = rules.flatMap((rule) => rule(facts));
  const insurance = activeInsurance(facts.insurances, facts.issuedAt);
  if (refused.length > 0 || insurance === undefined) return { refused };
  return {
    lines: listedLines(facts).map((line) => judgedLine(line, facts)),
    insurance: {
      poolingRegion: insurance.poolingRegion,
      insuranceType: insurance.insuranceType,
      active: true,
      remoteFilingRegions: remoteRegions(insurance, facts.issuedAt),
    },
  };
}

function judgedLine(line: ListedLine, facts: PrecheckFacts): JudgedLine {
  const { lineNo, drugCode, quantity, days, usage, drug, entry } = line;
  const { values } = facts.profile;
  const filing = filingOf(line, facts);
  return {
    lineNo,
    drugCode,
    genericName: drug.genericName,
    specification: drug.specification,
    quantity,
    days,
    usage,
    drugClass: entry.drugClass,
    listRegion: entry.region,
    listVersion: entry.version,
    institutionRule: hospitalRuleOf(values, entry.drugClass),
    doctorScheme: doctorSchemeOf(values, entry.drugClass),
    filing: filing && { filingId: filing.filingId, status: filing.status },
  };
}
