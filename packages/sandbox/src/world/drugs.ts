import { HUBEI, JILIN, type Province, schemeSince, until } from './periods.ts';
import type { DrugRecord } from './records.ts';
import { readTable } from './tables.ts';

export type DrugClass = 'SEPARATE_PAY' | 'DUAL_CHANNEL';

export type Drug = {
  /** D1, D2, D3, D7 of requirements 10.1. */
  fixture: string;
  record: DrugRecord;
  classes: Partial<Record<Province, DrugClass>>;
  /** Its place in the list has ended. */
  delisted: boolean;
  /** Payment standard per pack, decimal text in yuan. */
  standard: string;
  tracePrefix: string;
  diagnoses: string[];
  usage: string;
  unitsPerDay: number;
};

const rows = readTable<
  | 'fixture'
  | 'drugCode'
  | 'genericName'
  | 'dosageForm'
  | 'specification'
  | 'packUnit'
  | 'unitsPerPack'
  | 'unitsPerDay'
  | 'negotiated'
  | 'injectable'
  | 'coldChain'
  | 'hubei'
  | 'jilin'
  | 'listedTo'
  | 'standard'
  | 'tracePrefix'
  | 'diagnoses'
  | 'usage'
>('drugs');

/** The two provincial lists, and a drug that stands in neither. */
export const drugs: readonly Drug[] = rows.map((row) => {
  const classes: Drug['classes'] = {};
  if (row.hubei !== '') classes[HUBEI] = row.hubei as DrugClass;
  if (row.jilin !== '') classes[JILIN] = row.jilin as DrugClass;
  const diagnoses = row.diagnoses.split(';');
  const provinces = Object.keys(classes) as Province[];
  const listed = (province: Province) =>
    row.listedTo === '' ? schemeSince[province] : until(schemeSince[province], row.listedTo);
  return {
    fixture: row.fixture,
    classes,
    delisted: row.listedTo !== '',
    standard: row.standard,
    tracePrefix: row.tracePrefix,
    diagnoses,
    usage: row.usage,
    unitsPerDay: Number(row.unitsPerDay),
    record: {
      drugCode: row.drugCode,
      genericName: row.genericName,
      dosageForm: row.dosageForm,
      specification: row.specification,
      packUnit: row.packUnit,
      unitsPerPack: Number(row.unitsPerPack),
      negotiated: row.negotiated === 'yes',
      injectable: row.injectable === 'yes',
      coldChain: row.coldChain === 'yes',
      controlled: '',
      entries: provinces.map((region) => ({
        region,
        drugClass: classes[region] ?? '',
        listed: listed(region),
        scopeDiagnoses: diagnoses,
        version: 1,
      })),
      standards: provinces.map((region) => ({ region, unitPrice: row.standard, valid: schemeSince[region] })),
      tracePrefixes: [row.tracePrefix],
    },
  };
});

/** In the province's list today. */
export function inScheme(drug: Drug, province: Province): boolean {
  return drug.classes[province] !== undefined && !drug.delisted;
}

/** May be handed over at the counter: injections go to a hospital (HB-29a). */
export function soldAtCounter(drug: Drug, province: Province): boolean {
  return inScheme(drug, province) && !drug.record.injectable && !drug.record.coldChain;
}
