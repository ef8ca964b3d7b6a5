import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { parseInstitutionCode } from '@erx/values';
import { checkDivision, checkOneOf, checkPeriod, checkPeriods, checkText } from '../checks.ts';
import { each, expect, type Problems } from '../problems.ts';
import { checkKeys } from './public-key.ts';

const KINDS = ['HOSPITAL', 'PHARMACY', 'AUTHORITY'];
const ROLES = ['DUAL', 'CERTIFYING', 'TREATING'];
/** SM-2. */
const STATUSES = ['ACTIVE', 'SUSPENDED', 'EXITED_WITH_BAN', 'EXITED_VOLUNTARY', 'EXPIRED'];
const CONNECTIONS = ['CONNECTED', 'TESTING', 'NOT_STARTED'];
// Authorities have no national code layout: any id that cannot be taken for a designated institution's.
const AUTHORITY_ID = /^[A-Z][A-Z0-9-]{2,31}$/;

export function* checkInstitution(institution: Institution, at: string): Problems {
  const { kind } = institution;
  yield* checkOneOf(kind, KINDS, `${at}/kind`);
  yield* expect(isInstitutionId(institution.institutionId, kind), `${at}/institutionId`, 'NOT_AN_INSTITUTION_CODE');
  yield* checkText(institution.name, `${at}/name`);
  yield* checkDivision(institution.division, `${at}/division`);
  yield* expect(levelFits(kind, institution.level), `${at}/level`, 'LEVEL_DOES_NOT_FIT_KIND');
  yield* checkKeys(institution.keys, `${at}/keys`);
  if (kind === 'AUTHORITY') return;
  yield* checkDivision(institution.poolingRegion, `${at}/poolingRegion`);
  yield* checkPeriods(institution.insuranceDesignated, `${at}/insuranceDesignated`);
  yield* each(institution.designations, `${at}/designations`, function* (designation, pointer) {
    yield* checkOneOf(designation.role, ROLES, `${pointer}/role`);
    yield* checkOneOf(designation.status, STATUSES, `${pointer}/status`);
    yield* checkPeriod(designation.period, `${pointer}/period`);
  });
  yield* checkOneOf(institution.connection, CONNECTIONS, `${at}/connection`);
  yield* each(institution.diseases, `${at}/diseases`, checkText);
}

function isInstitutionId(id: string, kind: string): boolean {
  const code = parseInstitutionCode(id);
  return kind === 'AUTHORITY' ? code === undefined && AUTHORITY_ID.test(id) : code?.kind === kind;
}

function levelFits(kind: string, level: number): boolean {
  return kind === 'HOSPITAL' ? level >= 1 && level <= 3 : level === 0;
}
