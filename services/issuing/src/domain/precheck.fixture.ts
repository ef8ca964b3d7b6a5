// The fixtures of requirements 10.1 that a pre-check meets: H1, H3, H5, DR1, DR2, DR5, DR6, D1, D3, D7, D8, PT1, PT4.
import type { Drug, Institution, Practitioner } from '@erx/proto/registry/v1/registry_events';
import type { Filing, Insurance } from '@erx/proto/registry/v1/registry_service';
import type { ProfileValues, ResolvedProfile } from '@erx/reference';
import { lineFacts, type PrecheckFacts, type RequestedLine } from './precheck-facts.ts';

/** A Friday; the filings of PT1 and PT4 are effective. */
export const ISSUED_AT = new Date('2025-06-06T09:30:00+08:00');
export const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };
export const day = (date: string): Date => new Date(`${date}T00:00:00+08:00`);

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

export const hubei: ResolvedProfile = {
  region: '420000',
  version: '100000@1+420000@1',
  values: {
    ...national,
    schemeDrugClasses: ['DUAL_CHANNEL', 'SEPARATE_PAY'],
    qualificationRequired: 'SPD_OUTPATIENT',
    institutionRuleByClass: {
      SEPARATE_PAY: { hospital: 'DUAL', pharmacy: 'DUAL' },
      DUAL_CHANNEL: { hospital: 'ANY_DESIGNATED', pharmacy: 'DUAL' },
    },
    doctorSchemeByClass: { SEPARATE_PAY: 'RESPONSIBLE', DUAL_CHANNEL: 'INSURED_PHYSICIAN' },
    spdMedicalCategory: '110202',
  },
};

const jilin: ResolvedProfile = {
  region: '220000',
  version: '100000@1+220000@1',
  values: {
    ...national,
    schemeDrugClasses: ['DUAL_CHANNEL'],
    qualificationRequired: 'ALL_DCD',
    drugMatchKey: 'GENERIC_FORM_REMARK',
    institutionRuleDefault: { hospital: 'TREATING', pharmacy: 'TREATING' },
    doctorSchemeDefault: 'TREATING',
    outflowCondition: 'NOT_STOCKED_IN_HOSPITAL',
    diseaseListRequired: true,
  },
};

export const profiles = { national, hubei, jilin };

export function hospital(institutionId: string, change: Partial<Institution> = {}): Institution {
  return {
    institutionId,
    kind: 'HOSPITAL',
    name: '样例医院',
    division: '420106',
    poolingRegion: '420100',
    level: 3,
    insuranceDesignated: [open],
    designations: [{ role: 'DUAL', status: 'ACTIVE', period: open }],
    connection: 'CONNECTED',
    coldChain: true,
    diseases: [],
    keys: [],
    ...change,
  };
}

export const H1 = hospital('H42010600001');
export const H3 = hospital('H42010600003', { designations: [] });
export const H5 = hospital('H22010200005', {
  division: '220102',
  poolingRegion: '220100',
  designations: ['CERTIFYING', 'TREATING'].map((role) => ({ role, status: 'ACTIVE', period: open })),
  diseases: ['C22', 'C34'],
});

function doctor(practitionerId: string, change: Partial<Practitioner> = {}): Practitioner {
  return {
    practitionerId,
    kind: 'DOCTOR',
    name: '样例医师',
    institutionId: H1.institutionId,
    title: 'CHIEF',
    specialty: '肿瘤科',
    licensed: [open],
    insuredPhysician: [open],
    filings: [],
    keys: [],
    ...change,
  };
}

export const filed = (scheme: string, status = 'FILED') => ({ scheme, status, period: open });
export const DR1 = doctor('D420106000001', { filings: [filed('RESPONSIBLE')] });
export const DR2 = doctor('D420106000002', { title: 'ATTENDING' });
/** As DR1, for those who sign again. */
export const DR9 = doctor('D420106000009', { filings: [filed('RESPONSIBLE')] });
export const DR5 = doctor('D220102000005', { institutionId: H5.institutionId, filings: [filed('CERTIFYING')] });
export const DR6 = doctor('D220102000006', { institutionId: H5.institutionId, filings: [filed('TREATING')] });

export function drug(drugCode: string, change: Partial<Drug> = {}): Drug {
  return {
    drugCode,
    genericName: '甲磺酸奥希替尼片',
    dosageForm: '片剂',
    specification: '80mg',
    packUnit: '盒',
    unitsPerPack: 30,
    negotiated: true,
    injectable: false,
    coldChain: false,
    controlled: '',
    entries: [listed('420000', 'SEPARATE_PAY', ['C34'])],
    standards: [],
    tracePrefixes: [],
    ...change,
  };
}

export function listed(region: string, drugClass: string, scopeDiagnoses: string[] = []) {
  return { region, drugClass, listed: open as Drug['entries'][number]['listed'], scopeDiagnoses, version: 1 };
}

export const D1 = drug('XL01EBA339A001010101234');
export const D3 = drug('XC09DXS154A001010103456', {
  genericName: '沙库巴曲缬沙坦钠片',
  specification: '100mg',
  unitsPerPack: 28,
  entries: [listed('420000', 'DUAL_CHANNEL', ['I50'])],
});
export const D7 = drug('XL01EXL195E001010107890', {
  genericName: '仑伐替尼胶囊',
  dosageForm: '胶囊剂',
  specification: '4mg',
  entries: [listed('220000', 'DUAL_CHANNEL', ['C22'])],
});
export const D8 = drug('XN02AAM058A002010108901', {
  genericName: '硫酸吗啡缓释片',
  controlled: 'NARCOTIC',
  entries: [],
});

export function insurance(change: Partial<Insurance> = {}): Insurance {
  return {
    poolingRegion: '420100',
    insuranceType: '310',
    status: 'ACTIVE',
    period: open,
    remoteFilings: [],
    ...change,
  };
}

export function filing(of: Drug, change: Partial<Filing> = {}): Filing {
  return {
    filingId: 'F-1',
    drugCode: of.drugCode,
    genericName: of.genericName,
    dosageForm: of.dosageForm,
    status: 'EFFECTIVE',
    benefit: { from: day('2025-06-05'), to: day('2025-12-06') },
    region: '420100',
    institutionId: H1.institutionId,
    ...change,
  };
}

export const lung = { code: 'C34.900', name: '支气管或肺恶性肿瘤' };
export const liver = { code: 'C22.000', name: '肝细胞癌' };
export const heart = { code: 'I50.900', name: '心力衰竭' };

export const line = (of: Pick<Drug, 'drugCode'>, change: Partial<RequestedLine> = {}): RequestedLine => ({
  drugCode: of.drugCode,
  quantity: 10_000n,
  days: 30,
  usage: '口服，每次1片，每日1次',
  ...change,
});

export type Asked = Partial<Omit<PrecheckFacts, 'lines'>> & { lines?: RequestedLine[]; drugs?: Drug[] };

/** PT1's prescription of D1 by DR1 at H1, that passes, with what a test wants different. */
export function hubeiFacts({ lines = [line(D1)], drugs = [D1, D3, D7, D8], ...change }: Asked = {}): PrecheckFacts {
  const facts = {
    issuedAt: ISSUED_AT,
    hospital: H1,
    doctor: DR1,
    profile: hubei,
    category: '110202',
    diagnoses: [lung],
    outflowReason: 'TEMPORARILY_UNABLE',
    longPrescription: false,
    insurances: [insurance()],
    filings: [filing(D1)],
    ...change,
  };
  const drugOf = (code: string) => drugs.find(({ drugCode }) => drugCode === code);
  return { ...facts, lines: lineFacts(lines, drugOf, facts) };
}

/** PT4's prescription of D7 by DR6 at H5, that passes. */
export function jilinFacts(change: Asked = {}): PrecheckFacts {
  return hubeiFacts({
    hospital: H5,
    doctor: DR6,
    profile: jilin,
    category: '11',
    diagnoses: [liver],
    outflowReason: 'NOT_STOCKED',
    insurances: [insurance({ poolingRegion: '220100' })],
    filings: [filing(D7, { region: '220100', institutionId: H5.institutionId })],
    lines: [line(D7)],
    ...change,
  });
}
