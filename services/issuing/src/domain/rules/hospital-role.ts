import { type Refusal, refusal } from '@erx/errors';
import { activeDesignation, inPeriod } from '@erx/reference';
import { businessDate } from '@erx/values';
import { hospitalRuleOf } from '../class-rules.ts';
import { listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/** GJ-6c, HB-6a, HB-14, JL-1-2b, HB-43: the hospital has the role that the classes prescribed demand, and is connected. */
export function hospitalRole(facts: PrecheckFacts): Refusal[] {
  const { hospital, issuedAt, profile } = facts;
  const figures = { hospitalId: hospital.institutionId, date: businessDate(issuedAt) };
  const refused: Refusal[] = [];
  const designated = hospital.insuranceDesignated.some((period) => inPeriod(period, issuedAt));
  if (hospital.kind !== 'HOSPITAL' || !designated) refused.push(refusal('HOSPITAL_NOT_DESIGNATED', figures));
  if (hospital.connection !== 'CONNECTED') {
    refused.push(refusal('INSTITUTION_NOT_CONNECTED', { ...figures, connection: hospital.connection }));
  }
  const byRole = Map.groupBy(listedLines(facts), ({ entry }) => hospitalRuleOf(profile.values, entry.drugClass));
  for (const [role, lines] of byRole) {
    if (role === 'ANY_DESIGNATED') continue;
    const status = activeDesignation(hospital, role, issuedAt);
    if (status === 'ACTIVE') continue;
    const drugClasses = [...new Set(lines.map(({ entry }) => entry.drugClass))].join(' ');
    refused.push(refusal(codeFor(role, status), { ...figures, role, status: status ?? 'NONE', drugClasses }));
  }
  return refused;
}

function codeFor(role: 'DUAL' | 'TREATING', status: string | undefined) {
  switch (status) {
    case 'SUSPENDED':
      return 'INSTITUTION_SUSPENDED';
    case 'EXITED_WITH_BAN':
    case 'EXITED_VOLUNTARY':
      return 'INSTITUTION_EXITED';
    default:
      return role === 'DUAL' ? 'HOSPITAL_NOT_DUAL_CHANNEL' : 'INSTITUTION_NOT_TREATING';
  }
}
