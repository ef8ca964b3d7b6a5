// What every act at a counter begins with, in this order: institution, grant, prescription.
import { isRefused, type Refused, refuse } from '@erx/errors';
import type { Call } from '@erx/rpc';
import { profileFor } from '../act.ts';
import type { Deps } from '../deps.ts';
import { eligibilityProblems } from '../domain/eligibility.ts';
import { patientProblem } from '../domain/patient.ts';
import { holdsLock, takenBy } from '../domain/shown-status.ts';
import { standingProblems } from '../domain/standing.ts';
import { askGrant, type Grant } from '../outbound/grants.ts';
import { findPrescription, type StoredPrescription } from '../store/prescription-store.ts';

export type Encounter = { grant: Grant; stored: StoredPrescription };

/** PHARMACY_NOT_DESIGNATED, INSTITUTION_NOT_CONNECTED; undefined for a pharmacy in good standing. */
export function pharmacyProblem({ reference }: Deps, { actor, at }: Call): Refused | undefined {
  const refused = standingProblems(actor.institutionId, reference.institution(actor.institutionId), at);
  return refused.length > 0 ? { refused } : undefined;
}

/** Why this pharmacy may not serve this prescription, by the rules of its region today. */
export function servingProblem(
  { reference }: Deps,
  stored: StoredPrescription,
  pharmacyId: string,
  at: Date,
): Refused | undefined {
  const pharmacy = reference.institution(pharmacyId);
  if (pharmacy === undefined) return { refused: standingProblems(pharmacyId, pharmacy, at) };
  const refused = eligibilityProblems({
    pharmacy,
    hospital: reference.institution(stored.hospitalId),
    diagnosisCodes: stored.diagnoses.map(({ code }) => code),
    drugClasses: stored.written.map(({ drugClass }) => drugClass),
    drugs: stored.written.flatMap(({ drugCode }) => reference.drug(drugCode) ?? []),
    values: profileFor(pharmacyId, at, reference).values,
    at,
  });
  return refused.length > 0 ? { refused } : undefined;
}

/** The patient of this prescription stands at this counter, by grant. Asks verification. */
export async function meet(
  deps: Deps,
  { grantId, prescriptionId, qr = '' }: { grantId: string; prescriptionId: string; qr?: string },
  call: Call,
): Promise<Encounter | Refused> {
  const unfit = pharmacyProblem(deps, call);
  if (unfit !== undefined) return unfit;
  const grant = await askGrant(deps.peers, grantId, call);
  if (isRefused(grant)) return grant;
  const stored = await findPrescription(deps.database, prescriptionId);
  if (stored === undefined) return refuse('PRESCRIPTION_NOT_FOUND');
  const showsQr = qr !== '' && deps.readQr(qr) === stored.rxTraceCode;
  if (qr !== '' && !showsQr) return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/qr');
  const other = patientProblem({
    present: grant.personId,
    prescribedFor: stored.personId,
    holdsLock: holdsLock(stored.state, call.actor.institutionId, call.at),
    showsQr,
  });
  return other ?? { grant, stored };
}

/** The same, where the pharmacy must also be one that may serve the prescription. */
export async function meetToServe(...args: Parameters<typeof meet>): Promise<Encounter | Refused> {
  const [deps, , { actor, at }] = args;
  const met = await meet(...args);
  if (isRefused(met)) return met;
  return servingProblem(deps, met.stored, actor.institutionId, at) ?? met;
}

/**
 * Acts that need no grant are for the pharmacy that has taken the prescription, even where time, the hospital or a
 * revoked doctor has ended its lock: it hears why. To everybody else it does not exist.
 */
export async function findTaken(deps: Deps, prescriptionId: string, call: Call): Promise<StoredPrescription | Refused> {
  const unfit = pharmacyProblem(deps, call);
  if (unfit !== undefined) return unfit;
  const stored = await findPrescription(deps.database, prescriptionId);
  if (stored === undefined) return refuse('PRESCRIPTION_NOT_FOUND');
  return takenBy(stored.state) === call.actor.institutionId ? stored : refuse('PRESCRIPTION_NOT_FOUND');
}
