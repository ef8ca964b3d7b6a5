import type { Drug } from '@erx/proto/registry/v1/registry_events';
import type { DrugClass } from '@erx/reference';
import { parseDrugCode } from '@erx/values';
import { checkDivision, checkOneOf, checkPeriod, checkText } from '../checks.ts';
import { distinct, each, expect, type Problems } from '../problems.ts';

const CLASSES = Object.keys({
  NEGOTIATED: true,
  SEPARATE_PAY: true,
  DUAL_CHANNEL: true,
  GENERIC_OF_NEGOTIATED: true,
  BID: true,
  EX_NEGOTIATED: true,
  OUTPATIENT_SINGLE_LISTED: true,
  CHRONIC_SPECIAL: true,
  TWO_DISEASE: true,
} satisfies Record<DrugClass, true>);
/** CX-3c. */
const CONTROLLED = ['', 'NARCOTIC', 'PSYCHOTROPIC', 'TOXIC', 'RADIOACTIVE'];

export function* checkDrug(drug: Drug, at: string): Problems {
  yield* expect(parseDrugCode(drug.drugCode) !== undefined, `${at}/drugCode`, 'NOT_A_DRUG_CODE');
  yield* checkText(drug.genericName, `${at}/genericName`);
  yield* checkText(drug.dosageForm, `${at}/dosageForm`);
  yield* checkText(drug.specification, `${at}/specification`);
  yield* checkText(drug.packUnit, `${at}/packUnit`);
  yield* expect(drug.unitsPerPack >= 1, `${at}/unitsPerPack`, 'NOT_POSITIVE');
  yield* checkOneOf(drug.controlled, CONTROLLED, `${at}/controlled`);
  yield* each(drug.entries, `${at}/entries`, function* (entry, pointer) {
    yield* checkDivision(entry.region, `${pointer}/region`);
    yield* checkOneOf(entry.drugClass, CLASSES, `${pointer}/drugClass`);
    yield* checkPeriod(entry.listed, `${pointer}/listed`);
    yield* each(entry.scopeDiagnoses, `${pointer}/scopeDiagnoses`, checkText);
    yield* expect(entry.version >= 1, `${pointer}/version`, 'NOT_POSITIVE');
  });
  yield* distinct(
    drug.entries,
    (index) => `${at}/entries/${index}/version`,
    (entry) => `${entry.region}@${entry.version}`,
  );
  yield* each(drug.standards, `${at}/standards`, function* (standard, pointer) {
    yield* checkDivision(standard.region, `${pointer}/region`);
    yield* expect(standard.unitPrice > 0n, `${pointer}/unitPrice`, 'NOT_POSITIVE');
    yield* checkPeriod(standard.valid, `${pointer}/valid`);
  });
  yield* each(drug.tracePrefixes, `${at}/tracePrefixes`, function* (prefix, pointer) {
    yield* expect(/^\d{7}$/.test(prefix), pointer, 'NOT_SEVEN_DIGITS');
  });
}
