import { isRefused, type Refused, refuse } from '@erx/errors';
import type { FindRequest, FindResponse, PrescriptionView } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { pharmacyProblem, servingProblem } from '../commands/encounter.ts';
import type { Deps } from '../deps.ts';
import { overProblem } from '../domain/hindrances.ts';
import { patientProblem } from '../domain/patient.ts';
import { holdsLock } from '../domain/shown-status.ts';
import { askGrant, type Grant } from '../outbound/grants.ts';
import { findFills } from '../store/fill-store.ts';
import {
  findAllOfPerson,
  findByTraceCode,
  findOpenOfPerson,
  type StoredPrescription,
} from '../store/prescription-store.ts';
import { viewOf } from './prescription-view.ts';

/**
 * The open prescriptions of the person behind the grant that this pharmacy may serve. A QR replaces the search and tells
 * why its prescription cannot be served. A patient's app sees all of them, and who filled what.
 */
export async function find(deps: Deps, request: FindRequest, call: Call): Promise<FindResponse | Refused> {
  const { actor } = call;
  const atCounter = actor.role === 'PHARMACY';
  const unfit = atCounter ? pharmacyProblem(deps, call) : undefined;
  if (unfit !== undefined) return unfit;
  const grant = await askGrant(deps.peers, request.grantId, call);
  if (isRefused(grant)) return grant;
  const found = await (atCounter ? findAtCounter : findOfPatient)(deps, request.qr, grant, call);
  return isRefused(found) ? found : { prescriptions: found };
}

async function findAtCounter(
  deps: Deps,
  qr: string,
  { personId }: Grant,
  call: Call,
): Promise<PrescriptionView[] | Refused> {
  const { actor, at } = call;
  const problem = (stored: StoredPrescription) => servingProblem(deps, stored, actor.institutionId, at);
  const view = (stored: StoredPrescription) => viewOf(stored, actor.institutionId, at, deps.reference);
  if (qr === '') {
    const open = await findOpenOfPerson(deps.database, personId, at);
    return open.filter((stored) => problem(stored) === undefined).map(view);
  }
  const stored = await findByQr(deps, qr, personId, call);
  if (isRefused(stored)) return stored;
  return problem(stored) ?? overProblem(stored.state, at) ?? [view(stored)];
}

async function findOfPatient(
  deps: Deps,
  qr: string,
  { personId }: Grant,
  call: Call,
): Promise<PrescriptionView[] | Refused> {
  const one = qr === '' ? undefined : await findByQr(deps, qr, personId, call);
  if (isRefused(one)) return one;
  const shown = one === undefined ? await findAllOfPerson(deps.database, personId) : [one];
  const fills = await findFills(
    deps.database,
    shown.map(({ prescriptionId }) => prescriptionId),
  );
  return shown.map((stored) => viewOf(stored, call.actor.institutionId, call.at, deps.reference, fills));
}

async function findByQr(deps: Deps, qr: string, present: string, call: Call): Promise<StoredPrescription | Refused> {
  const rxTraceCode = deps.readQr(qr);
  const stored = rxTraceCode === undefined ? undefined : await findByTraceCode(deps.database, rxTraceCode);
  if (stored === undefined) return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/qr');
  const holds = holdsLock(stored.state, call.actor.institutionId, call.at);
  const other = patientProblem({ present, prescribedFor: stored.personId, holdsLock: holds, showsQr: true });
  return other ?? stored;
}
