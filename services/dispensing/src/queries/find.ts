import { isRefused, type Refused, refuse } from '@erx/errors';
import type { FindRequest, FindResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { formatInstant } from '@erx/values';
import { pharmacyProblem, servingProblem } from '../commands/encounter.ts';
import type { Deps } from '../deps.ts';
import { patientProblem } from '../domain/patient.ts';
import { holdsLock, shownStatus } from '../domain/shown-status.ts';
import { askGrant } from '../outbound/grants.ts';
import { findByTraceCode, findOpenOfPerson, type StoredPrescription } from '../store/prescription-store.ts';
import { viewOf } from './prescription-view.ts';

/**
 * The open prescriptions of the person behind the grant that this pharmacy may serve; a patient's app sees all of them.
 * A QR replaces the search and tells why its prescription cannot be served.
 */
export async function find(deps: Deps, { grantId, qr }: FindRequest, call: Call): Promise<FindResponse | Refused> {
  const { actor, at } = call;
  const atCounter = actor.role === 'PHARMACY';
  const unfit = atCounter ? pharmacyProblem(deps, call) : undefined;
  if (unfit !== undefined) return unfit;
  const grant = await askGrant(deps.peers, grantId, call);
  if (isRefused(grant)) return grant;
  const view = (stored: StoredPrescription) => viewOf(stored, actor.institutionId, at, deps.reference);
  if (qr !== '') {
    const stored = await findByQr(deps, qr, grant.personId, call);
    if (isRefused(stored)) return stored;
    const refused = atCounter ? servingProblem(deps, stored, actor.institutionId, at) : undefined;
    return refused ?? overProblem(stored, at) ?? { prescriptions: [view(stored)] };
  }
  const open = await findOpenOfPerson(deps.database, grant.personId, at);
  const served = open.filter((stored) => !atCounter || !servingProblem(deps, stored, actor.institutionId, at));
  return { prescriptions: served.map(view) };
}

async function findByQr(deps: Deps, qr: string, present: string, call: Call): Promise<StoredPrescription | Refused> {
  const rxTraceCode = deps.readQr(qr);
  const stored = rxTraceCode === undefined ? undefined : await findByTraceCode(deps.database, rxTraceCode);
  if (stored === undefined) return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/qr');
  const holds = holdsLock(stored.state, call.actor.institutionId, call.at);
  const other = patientProblem({ present, prescribedFor: stored.personId, holdsLock: holds, showsQr: true });
  return other ?? stored;
}

function overProblem({ state }: StoredPrescription, at: Date): Refused | undefined {
  switch (shownStatus(state, at)) {
    case 'SETTLED':
    case 'HANDED_OVER':
      return refuse('PRESCRIPTION_ALREADY_USED');
    case 'EXPIRED':
      return refuse('PRESCRIPTION_EXPIRED', { validUntil: formatInstant(state.validUntil) });
    default:
      return undefined;
  }
}
