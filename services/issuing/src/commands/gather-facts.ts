import { isRefused, type Refused, refuse, UnavailableError } from '@erx/errors';
import type { PrecheckRequest } from '@erx/proto/issuing/v1/issuing_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { lineFacts, type PrecheckFacts } from '../domain/precheck-facts.ts';
import { askEntitlement, type RegistryClient } from '../outbound/entitlement.ts';

export type Sources = { reference: Lookups; registry: Pick<RegistryClient, 'getEntitlement'> };

/**
 * Everything the rules look at: reference data from the read copy, persons' insurance and filings asked of registry, all as
 * of the issue time. Throws UnavailableError when registry is away or no profile has arrived yet.
 */
export async function gatherFacts(
  { reference, registry }: Sources,
  request: PrecheckRequest,
  personId: string,
  issuedAt: Date,
  call: Call,
): Promise<PrecheckFacts | Refused> {
  const hospital = reference.institution(call.actor.institutionId);
  if (hospital === undefined) return refuse('HOSPITAL_NOT_DESIGNATED', { hospitalId: call.actor.institutionId });
  const profile = reference.profile(hospital.division, issuedAt);
  if (profile === undefined) throw new UnavailableError('no region profile is in force');
  const entitlement = await askEntitlement(registry, { personId, at: issuedAt }, call);
  if (isRefused(entitlement)) return entitlement;
  const { category, diagnoses, outflowReason, longPrescription } = request;
  return {
    issuedAt,
    hospital,
    doctor: reference.practitioner(request.doctorId),
    profile,
    category,
    diagnoses,
    outflowReason,
    longPrescription,
    lines: lineFacts(request.lines, (code) => reference.drug(code), { hospital, profile, issuedAt }),
    insurances: entitlement.insurances,
    filings: entitlement.filings,
  };
}
