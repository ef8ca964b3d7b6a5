import type { Drug, Institution, Practitioner } from '@erx/proto/registry/v1/registry_events';
import { type Lookups, type ProfileValues, ReferenceStore } from '@erx/reference';

export const NOW = '2025-06-06T09:00:00+08:00';
const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };
const over = { ...open, to: new Date('2025-01-01T00:00:00+08:00') };

const hubei: Partial<ProfileValues> = {
  institutionRuleByClass: { DUAL_CHANNEL: { hospital: 'ANY_DESIGNATED', pharmacy: 'DUAL' } },
  institutionRuleDefault: { hospital: 'DUAL', pharmacy: 'DUAL' },
  rxPoolingScope: 'PROVINCE',
  historyViewRequired: true,
  coldChainRequired: 'ALL',
  diseaseListRequired: false,
};

const jilin: Partial<ProfileValues> = {
  ...hubei,
  institutionRuleByClass: {},
  institutionRuleDefault: { hospital: 'TREATING', pharmacy: 'TREATING' },
  rxPoolingScope: 'POOLING_REGION',
  diseaseListRequired: true,
};

function institution(institutionId: string, change: Partial<Institution> = {}): Institution {
  return {
    institutionId,
    kind: 'PHARMACY',
    name: `样例${institutionId}`,
    division: '420106',
    poolingRegion: '420100',
    level: 0,
    insuranceDesignated: [open],
    designations: [{ role: 'DUAL', status: 'ACTIVE', period: open }],
    connection: 'CONNECTED',
    coldChain: true,
    diseases: [],
    keys: [],
    ...change,
  };
}

export const H1 = institution('H42010600001', { kind: 'HOSPITAL', level: 3 });
export const P1 = institution('P42010600001');
/** In another city of the province. */
export const P3 = institution('P42050200003', { division: '420502', poolingRegion: '420500' });
/** Insurance pharmacy outside the scheme. */
export const P2 = institution('P42010600002', { designations: [], coldChain: false });
export const SUSPENDED = institution('P42010600004', {
  designations: [{ role: 'DUAL', status: 'SUSPENDED', period: open }],
});
export const UNDESIGNATED = institution('P42010600005', { insuranceDesignated: [over] });
export const TESTING = institution('P42010600006', { connection: 'TESTING' });
export const EXITED = institution('P42010600007', {
  designations: [{ role: 'DUAL', status: 'EXITED_WITH_BAN', period: open }],
});
export const WARM = institution('P42010600008', { coldChain: false });
/** In another province. */
export const JILIN = institution('P22010200006', {
  division: '220102',
  poolingRegion: '220100',
  designations: [{ role: 'TREATING', status: 'ACTIVE', period: open }],
});
const pharmacies = [P1, P2, P3, SUSPENDED, UNDESIGNATED, TESTING, EXITED, WARM, JILIN];

function pharmacist(practitionerId: string, institutionId: string, change: Partial<Practitioner> = {}): Practitioner {
  return {
    practitionerId,
    kind: 'PHARMACIST',
    name: '样例药师',
    institutionId,
    title: '',
    specialty: '',
    licensed: [open],
    insuredPhysician: [],
    filings: [],
    keys: [],
    ...change,
  };
}

export const YS1 = 'YS420106000001';
export const YS2 = 'YS420106000002';
export const UNLICENSED = 'YS420106000003';
export const YS3 = 'YS420502000001';

/** A doctor of H1 as registry tells it; admitted in every way unless changed. */
export function doctor(practitionerId: string, change: Partial<Practitioner> = {}): Practitioner {
  const filed = { scheme: 'RESPONSIBLE', status: 'FILED', period: open };
  const record = { kind: 'DOCTOR', insuredPhysician: [open], filings: [filed] };
  return pharmacist(practitionerId, H1.institutionId, { ...record, ...change });
}

/** Filed from the start, revoked (退出) on the morning of `NOW`. */
export const REVOKED = [
  { scheme: 'RESPONSIBLE', status: 'FILED', period: { ...open, to: new Date('2025-06-06T08:00:00+08:00') } },
  { scheme: 'RESPONSIBLE', status: 'REVOKED', period: { from: new Date('2025-06-06T08:00:00+08:00'), to: undefined } },
];

export const D1: Drug = {
  drugCode: 'XL01EBA339A001010101234',
  genericName: '甲磺酸奥希替尼片',
  dosageForm: '片剂',
  specification: '80mg',
  packUnit: '盒',
  unitsPerPack: 30,
  negotiated: true,
  injectable: false,
  coldChain: false,
  controlled: '',
  entries: [],
  standards: [],
  tracePrefixes: ['8100001'],
};

/** Reference data as a read copy has it. */
export function makeReference(): Lookups {
  const store = new ReferenceStore();
  const revision = 1n;
  const context = undefined;
  for (const each of [H1, ...pharmacies]) {
    store.apply('erx.registry.v1.InstitutionPublished', { context, institution: each, revision });
  }
  const staff = [
    pharmacist(YS1, P1.institutionId),
    pharmacist(YS2, P1.institutionId),
    pharmacist(UNLICENSED, P1.institutionId, { licensed: [over] }),
    pharmacist(YS3, P3.institutionId),
  ];
  for (const practitioner of staff) {
    store.apply('erx.registry.v1.PractitionerPublished', { context, practitioner, revision });
  }
  store.apply('erx.registry.v1.DrugPublished', { context, drug: D1, revision });
  const profiles = [
    ['national', '100000', {}],
    ['hubei', '420000', hubei],
    ['jilin', '220000', jilin],
  ] as const;
  for (const [code, division, values] of profiles) {
    const version = { version: 1, effective: open, values: Buffer.from(JSON.stringify(values)) };
    store.apply('erx.registry.v1.ProfilePublished', {
      context,
      code,
      division,
      parent: '',
      versions: [version],
      revision,
    });
  }
  return store;
}
