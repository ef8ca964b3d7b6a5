import type { Period } from '@erx/proto/registry/v1/registry_events';
import type { ImportReferenceRequest } from '@erx/proto/registry/v1/registry_service';
import type { ImportedPerson } from '@erx/proto/verification/v1/verification_service';
import type { Static } from 'typebox';
import type { PersonsImport } from '../schemas/imports.ts';
import type { Period as PeriodSchema, ReferenceImport } from '../schemas/reference.ts';
import { toInstant, toUnitPrice } from './values.ts';

type Reference = Static<typeof ReferenceImport>;
type Item<K extends keyof Reference> = NonNullable<Reference[K]>[number];

export function toReference(reference: Reference): ImportReferenceRequest {
  const { institutions = [], practitioners = [], drugs = [], plans = [] } = reference;
  return {
    institutions: institutions.map((it) => ({
      ...it,
      insuranceDesignated: it.insuranceDesignated.map(toPeriod),
      designations: it.designations.map((each) => ({ ...each, period: toPeriod(each.period) })),
      keys: it.keys.map(toKey),
    })),
    practitioners: practitioners.map((it) => ({
      ...it,
      licensed: it.licensed.map(toPeriod),
      insuredPhysician: it.insuredPhysician.map(toPeriod),
      filings: it.filings.map((each) => ({ ...each, period: toPeriod(each.period) })),
      keys: it.keys.map(toKey),
    })),
    drugs: drugs.map(toDrug),
    plans: plans.map(toPlan),
  };
}

function toDrug(drug: Item<'drugs'>) {
  return {
    ...drug,
    entries: drug.entries.map((entry) => ({ ...entry, listed: toPeriod(entry.listed) })),
    standards: drug.standards.map(({ region, unitPrice, valid }) => ({
      region,
      unitPrice: toUnitPrice(unitPrice),
      valid: toPeriod(valid),
    })),
  };
}

function toPlan(plan: Item<'plans'>) {
  return {
    ...plan,
    versions: plan.versions.map(({ ceilingFen, deductibleFen, seriousThresholdFen, valid, ...version }) => ({
      ...version,
      valid: toPeriod(valid),
      deductibleFen: BigInt(deductibleFen),
      seriousThresholdFen: BigInt(seriousThresholdFen),
      ceilingFen: ceilingFen === undefined ? undefined : BigInt(ceilingFen),
    })),
  };
}

export function toPersons({ persons }: Static<typeof PersonsImport>): ImportedPerson[] {
  return persons.map(({ certType, certNo, name, phone, insurances, filings, agentPurchaseDisabled }) => ({
    person: { certType, certNo, name, phone },
    insurances: insurances.map((insurance) => ({
      ...insurance,
      period: toPeriod(insurance.period),
      remoteFilings: insurance.remoteFilings.map(({ region, period }) => ({ region, period: toPeriod(period) })),
    })),
    filings: filings.map((filing) => ({
      ...filing,
      benefit: filing.benefit === undefined ? undefined : toPeriod(filing.benefit),
    })),
    agentPurchaseDisabled: agentPurchaseDisabled === undefined ? undefined : toPeriod(agentPurchaseDisabled),
  }));
}

function toKey<K extends { valid: Static<typeof PeriodSchema> }>(key: K) {
  return { ...key, valid: toPeriod(key.valid) };
}

function toPeriod({ from, to }: Static<typeof PeriodSchema>): Period {
  return { from: toInstant(from), to: to === undefined ? undefined : toInstant(to) };
}
