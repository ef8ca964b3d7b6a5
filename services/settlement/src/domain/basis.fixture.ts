// Fixtures of requirements 10.1 that a settlement meets: D1, D3, D7, H1, H5, P1, P3, P6, their plans, PT1, PT4, PT6; and a
// plan HB-CAP with every account of the year.
import type { Drug, Institution, Plan, PlanVersion } from '@erx/proto/registry/v1/registry_events';
import type { Basis, BasisLine } from '@erx/proto/settlement/v1/settlement_service';
import { type ProfileValues, ReferenceStore } from '@erx/reference';
import { WHOLE } from '@erx/values';
import type { WholeBasis } from './basis-facts.ts';

export const AT = new Date('2025-06-06T12:00:00+08:00');
const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };
export const yuan = (amount: number): bigint => BigInt(Math.round(amount * 1_000_000));

const national: ProfileValues = {
  schemeDrugClasses: ['NEGOTIATED'],
  qualificationRequired: 'NONE',
  drugMatchKey: 'GENERIC_FORM',
  institutionRuleByClass: {},
  institutionRuleDefault: { hospital: 'DUAL', pharmacy: 'DUAL' },
  doctorSchemeByClass: {},
  doctorSchemeDefault: 'DESIGNATED',
  outflowCondition: 'HOSPITAL_TEMPORARILY_UNABLE',
  patientConsentRequired: true,
  longRxMaxDays: 84,
  normalRxMaxDays: 30,
  rxValidityDays: 3,
  rxRetentionYears: 2,
  separateRxPerBenefit: true,
  rxPoolingScope: 'POOLING_REGION',
  historyViewRequired: true,
  injectableDelivery: 'BY_ROUTE_AND_NEED',
  coldChainRequired: 'SPECIAL_STORAGE',
  pharmacySaleAboveStandard: { negotiated: 'BLOCK', others: 'SPLIT' },
  spdMedicalCategory: null,
  remoteFilingRequired: 'BY_REMOTE_RULES',
  crossProvince: 'NATIONAL_RULES_OR_MANUAL',
  diseaseListRequired: false,
  agentPurchase: 'CONDITIONS',
};

const profile = (code: string, division: string, values: Partial<ProfileValues>) => ({
  context: undefined,
  code,
  division,
  parent: code === 'national' ? '' : 'national',
  versions: [{ version: 1, effective: open, values: Buffer.from(JSON.stringify(values)) }],
  revision: 1n,
});

const institution = (institutionId: string, division: string, poolingRegion: string): Institution => ({
  institutionId,
  kind: institutionId.startsWith('P') ? 'PHARMACY' : 'HOSPITAL',
  name: '样例机构',
  division,
  poolingRegion,
  level: institutionId.startsWith('P') ? 0 : 3,
  insuranceDesignated: [open],
  designations: [],
  connection: 'CONNECTED',
  coldChain: true,
  diseases: [],
  keys: [],
});

export const H1 = institution('H42010600001', '420106', '420100');
const H5 = institution('H22010400005', '220104', '220100');
export const P1 = institution('P42010600001', '420106', '420100');
export const P3 = institution('P42050200003', '420502', '420500');
export const P6 = institution('P22010400006', '220104', '220100');

const drug = (drugCode: string, negotiated: boolean, region: string, drugClass: string, standard: bigint): Drug => ({
  drugCode,
  genericName: '样例药品',
  dosageForm: '片剂',
  specification: '80mg',
  packUnit: '盒',
  unitsPerPack: 30,
  negotiated,
  injectable: false,
  coldChain: false,
  controlled: '',
  entries: [{ region, drugClass, listed: open, scopeDiagnoses: [], version: 1 }],
  standards: [{ region, unitPrice: standard, valid: open }],
  tracePrefixes: [],
});

export const D1 = drug('XL01XEA298A001010190001', true, '420000', 'SEPARATE_PAY', yuan(5580));
export const D3 = drug('XC09DXS255A001010190003', true, '420000', 'DUAL_CHANNEL', yuan(58.8));
/** Not negotiated. */
export const D5 = drug('XA10BKD041A001010190005', false, '420000', 'DUAL_CHANNEL', yuan(60));
export const D7 = drug('XL01EXZ903E001010190004', false, '220000', 'DUAL_CHANNEL', yuan(1500));

export const figures = (change: Partial<PlanVersion>): PlanVersion => ({
  version: 1,
  valid: open,
  firstSelfBp: 1_000,
  deductibleFen: 0n,
  basicBp: 8_000,
  ceilingFen: undefined,
  seriousBp: 0,
  seriousThresholdFen: 0n,
  aidBp: 0,
  ...change,
});

const plan = (planId: string, scope: string, change: Partial<PlanVersion>): Plan => {
  const [poolingRegion = '', insuranceType = '', category = ''] = scope.split('/');
  return { planId, poolingRegion, insuranceType, category, versions: [figures(change)] };
};

const plans = [
  plan('HB-WH-EMP', '420100/310/110202', { basicBp: 8_000 }),
  plan('HB-WH-EMP-OPT', '420100/310/11', { basicBp: 5_000 }),
  plan('JL-CC-EMP', '220100/310/11', { firstSelfBp: 1_500, basicBp: 7_500 }),
  plan('JL-JL-EMP', '220200/310/11', { firstSelfBp: 1_500, basicBp: 7_000 }),
  plan('HB-CAP', '420100/390/110202', { deductibleFen: 100_000n, ceilingFen: 1_000_000n }),
];

/** A read copy that holds all of them. */
export function fixtureReference(): ReferenceStore {
  const store = new ReferenceStore();
  const one = { context: undefined, revision: 1n };
  store.apply('erx.registry.v1.ProfilePublished', profile('national', '100000', national));
  store.apply(
    'erx.registry.v1.ProfilePublished',
    profile('hubei', '420000', { spdMedicalCategory: '110202', remoteFilingRequired: 'NO_IN_PROVINCE' }),
  );
  store.apply('erx.registry.v1.ProfilePublished', profile('jilin', '220000', { remoteFilingRequired: 'YES' }));
  for (const each of [H1, H5, P1, P3, P6]) {
    store.apply('erx.registry.v1.InstitutionPublished', { ...one, institution: each });
  }
  for (const each of [D1, D3, D5, D7]) store.apply('erx.registry.v1.DrugPublished', { ...one, drug: each });
  for (const each of plans) store.apply('erx.registry.v1.PlanPublished', { ...one, plan: each });
  return store;
}

export const line = (of: Drug, change: Partial<BasisLine> = {}): BasisLine => ({
  lineNo: 1,
  drugCode: of.drugCode,
  drugClass: of.entries[0]?.drugClass ?? '',
  quantity: WHOLE,
  unitPrice: of.standards[0]?.unitPrice ?? 0n,
  ...change,
});

export const insurance = (change: Partial<NonNullable<Basis['insurance']>> = {}) => ({
  personId: '00000000-0000-4000-8000-000000000001',
  poolingRegion: '420100',
  insuranceType: '310',
  active: true,
  remoteFilingRegions: [],
  ...change,
});

/** PT1 buys one box of D1 at P1. */
export const basis = (change: Partial<WholeBasis> = {}): WholeBasis => ({
  prescriptionId: '00000000-0000-7000-8000-00000000000a',
  pharmacyId: P1.institutionId,
  hospitalId: H1.institutionId,
  insurance: insurance(),
  category: '110202',
  prescribedCategory: '110202',
  prescribedAt: new Date('2025-06-06T09:30:00+08:00'),
  lines: [line(D1)],
  ...change,
});

/** PT6 of Jilin City buys two boxes of D7 at P6 in Changchun. */
export const remoteInJilin = (remoteFilingRegions: string[]): WholeBasis =>
  basis({
    pharmacyId: P6.institutionId,
    hospitalId: H5.institutionId,
    insurance: insurance({ poolingRegion: '220200', remoteFilingRegions }),
    category: '11',
    prescribedCategory: '11',
    lines: [line(D7, { quantity: 2n * WHOLE })],
  });
