import { isRefused, type Refused, refuse } from '@erx/errors';
import type { ListPharmaciesRequest, ListPharmaciesResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { pharmacyProblem, servingProblem } from '../commands/encounter.ts';
import type { Deps } from '../deps.ts';
import { standingProblems } from '../domain/standing.ts';
import { askGrant } from '../outbound/grants.ts';
import { findPrescription } from '../store/prescription-store.ts';

/** GJ-6b: every pharmacy that may serve the prescription and no other, for the patient's free choice; in code order. */
export async function listPharmacies(
  deps: Deps,
  { grantId, prescriptionId }: ListPharmaciesRequest,
  call: Call,
): Promise<ListPharmaciesResponse | Refused> {
  const { reference } = deps;
  const unfit = call.actor.role === 'PHARMACY' ? pharmacyProblem(deps, call) : undefined;
  if (unfit !== undefined) return unfit;
  const grant = await askGrant(deps.peers, grantId, call);
  if (isRefused(grant)) return grant;
  const stored = await findPrescription(deps.database, prescriptionId);
  if (stored?.personId !== grant.personId) return refuse('PRESCRIPTION_NOT_FOUND');
  const pharmacies = [...reference.institutions()]
    .filter((each) => standingProblems(each.institutionId, each, call.at).length === 0)
    .filter((each) => servingProblem(deps, stored, each.institutionId, call.at) === undefined)
    .map(({ institutionId, name, division }) => ({ institutionId, name, division }));
  return { pharmacies: pharmacies.toSorted((a, b) => (a.institutionId < b.institutionId ? -1 : 1)) };
}
