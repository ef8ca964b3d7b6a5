import type { Filing, Insurance, Person } from '@erx/proto/registry/v1/registry_service';
import { checkDivision, checkId, checkOneOf, checkPeriod, checkText } from '../checks.ts';
import { distinct, each, expect, type Problems } from '../problems.ts';
import { INSURANCE_TYPES } from '../reference/plan.ts';

const INSURANCE_STATUSES = ['ACTIVE', 'SUSPENDED'];
/** SM-1. */
const FILING_STATUSES = [
  'SUBMITTED',
  'EFFECTIVE',
  'REASSESS_DUE',
  'REASSESSING',
  'LAPSED',
  'TERMINATED',
  'EXPIRED',
  'REVOKED',
];

/**
 * Everything wrong with imported persons. `allotted` are the person ids that exist, `filingOwners` says whose a
 * filing is already.
 */
export function* checkPersons(
  persons: readonly Person[],
  allotted: ReadonlySet<string>,
  filingOwners: ReadonlyMap<string, string>,
): Problems {
  yield* each(persons, '/persons', function* (person, at) {
    yield* expect(allotted.has(person.personId), `${at}/personId`, 'UNKNOWN_PERSON');
    yield* expect(isSealedWhole(person), at, 'NOT_SEALED');
    yield* each(person.insurances, `${at}/insurances`, checkInsurance);
    yield* each(person.filings, `${at}/filings`, checkFiling);
    if (person.agentPurchaseDisabled !== undefined) {
      yield* checkPeriod(person.agentPurchaseDisabled, `${at}/agentPurchaseDisabled`);
    }
    yield* each(person.filings, `${at}/filings`, function* ({ filingId }, pointer) {
      const owner = filingOwners.get(filingId) ?? person.personId;
      yield* expect(owner === person.personId, `${pointer}/filingId`, 'FILING_OF_ANOTHER_PERSON');
    });
  });
  yield* distinct(
    persons,
    (index) => `/persons/${index}/personId`,
    ({ personId }) => personId,
  );
  const filings = persons.flatMap(({ filings }, index) =>
    filings.map(({ filingId }, place) => ({ filingId, index, place })),
  );
  yield* distinct(
    filings,
    (position) => `/persons/${filings[position]?.index}/filings/${filings[position]?.place}/filingId`,
    ({ filingId }) => filingId,
  );
}

function isSealedWhole(person: Person): boolean {
  const { nameSealed, identitySealed, phoneSealed, contentHash, nameHash } = person;
  const sealed = [nameSealed, identitySealed, phoneSealed].every((field) => field.length > 0);
  return sealed && [contentHash, nameHash].every((hash) => hash.length === 32);
}

function* checkInsurance(insurance: Insurance, at: string): Problems {
  yield* checkDivision(insurance.poolingRegion, `${at}/poolingRegion`);
  yield* checkOneOf(insurance.insuranceType, INSURANCE_TYPES, `${at}/insuranceType`);
  yield* checkOneOf(insurance.status, INSURANCE_STATUSES, `${at}/status`);
  yield* checkPeriod(insurance.period, `${at}/period`);
  yield* each(insurance.remoteFilings, `${at}/remoteFilings`, function* (remote, pointer) {
    yield* checkDivision(remote.region, `${pointer}/region`);
    yield* checkPeriod(remote.period, `${pointer}/period`);
  });
}

function* checkFiling(filing: Filing, at: string): Problems {
  yield* checkId(filing.filingId, `${at}/filingId`);
  yield* checkText(filing.genericName, `${at}/genericName`);
  yield* checkText(filing.dosageForm, `${at}/dosageForm`);
  yield* checkOneOf(filing.status, FILING_STATUSES, `${at}/status`);
  // A benefit begins with the filing: until then there is nothing to date.
  if (filing.status !== 'SUBMITTED' || filing.benefit !== undefined)
    yield* checkPeriod(filing.benefit, `${at}/benefit`);
  yield* checkDivision(filing.region, `${at}/region`);
}
