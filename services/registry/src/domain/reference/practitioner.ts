import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { parsePractitionerCode } from '@erx/values';
import { checkOneOf, checkPeriod, checkPeriods, checkText } from '../checks.ts';
import { each, expect, type Problems } from '../problems.ts';
import { checkKeys } from './public-key.ts';

const KINDS = ['DOCTOR', 'HOSPITAL_PHARMACIST', 'PHARMACIST'];
const TITLES = ['RESIDENT', 'ATTENDING', 'ASSOCIATE_CHIEF', 'CHIEF'];
const SCHEMES = ['RESPONSIBLE', 'CERTIFYING', 'TREATING'];
/** SM-3. */
const STATUSES = ['FILED', 'SUSPENDED', 'REVOKED', 'EXPIRED', 'REMOVED'];

/** Letters of the code and the kind say the same in different words. */
const KIND_OF_CODE = { DOCTOR: 'DOCTOR', HOSPITAL_PHARMACIST: 'HOSPITAL_PHARMACIST', RETAIL_PHARMACIST: 'PHARMACIST' };

export function* checkPractitioner(practitioner: Practitioner, at: string): Problems {
  const { kind } = practitioner;
  const code = parsePractitionerCode(practitioner.practitionerId);
  yield* checkOneOf(kind, KINDS, `${at}/kind`);
  yield* expect(
    code !== undefined && KIND_OF_CODE[code.kind] === kind,
    `${at}/practitionerId`,
    'NOT_A_PRACTITIONER_CODE',
  );
  yield* checkText(practitioner.name, `${at}/name`);
  if (kind === 'DOCTOR') yield* checkOneOf(practitioner.title, TITLES, `${at}/title`);
  yield* checkPeriods(practitioner.licensed, `${at}/licensed`);
  yield* checkPeriods(practitioner.insuredPhysician, `${at}/insuredPhysician`);
  yield* each(practitioner.filings, `${at}/filings`, function* (filing, pointer) {
    yield* checkOneOf(filing.scheme, SCHEMES, `${pointer}/scheme`);
    yield* checkOneOf(filing.status, STATUSES, `${pointer}/status`);
    yield* checkPeriod(filing.period, `${pointer}/period`);
  });
  yield* checkKeys(practitioner.keys, `${at}/keys`);
}

/** Kind of institution at which such a practitioner works. */
export function workplaceOf(kind: string): string {
  return kind === 'PHARMACIST' ? 'PHARMACY' : 'HOSPITAL';
}
