import { isRefused, type Refused } from '@erx/errors';
import { type ReviewRequest, ReviewResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { CheckReviewResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { profileFor } from '../act.ts';
import type { Deps } from '../deps.ts';
import { decide } from '../domain/decide-prescription.ts';
import type { StoredPrescription } from '../store/prescription-store.ts';
import { insertReview } from '../store/review-store.ts';
import type { ChangedPrescription } from './change-prescription.ts';
import { findTaken } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/** HB-28a 审方: the pharmacist's signed opinion. A refusal sends the prescription back into circulation (SM-4). */
export async function review(deps: Deps, request: ReviewRequest, call: Call): Promise<ReviewResponse | Refused> {
  const earlier = await earlierAnswer(deps.database, call, ReviewResponse);
  if (earlier !== undefined) return earlier;
  const taken = await findTaken(deps, request.prescriptionId, call);
  if (isRefused(taken)) return taken;
  const untimely = beforeSignature(deps, taken, request, call);
  // The first attempt of this very request may have reviewed it meanwhile.
  if (untimely !== undefined) return (await earlierAnswer(deps.database, call, ReviewResponse)) ?? untimely;
  const checked = await askVerification(deps, taken, request, call);
  if (isRefused(checked)) return checked;
  const { pharmacistId, prescriptionId } = request;
  const { opinion, reason, evidence } = checked;
  if (evidence === undefined) throw new Error('a review was checked, but nothing is left to keep of it');
  return once(deps.database, call, 'prescription.review', ReviewResponse, async (tx) => {
    const asked =
      opinion === 'APPROVED'
        ? ({ type: 'Approve', pharmacistId, evidence } as const)
        : ({ type: 'RefuseByPharmacist', pharmacistId, reason, evidence } as const);
    const reviewed = await stepOfVisit(tx, deps, prescriptionId, asked, call);
    if (isRefused(reviewed)) return reviewed;
    const lockId = reviewedLock(reviewed);
    await insertReview(tx, { lockId, prescriptionId, pharmacistId, opinion, evidence, reviewedAt: call.at });
    return { opinion, status: reviewed.state.status };
  });
}

/** The lock under which it happened; a refusal has ended it. */
function reviewedLock({ happened }: ChangedPrescription): string {
  for (const event of happened) {
    if (event.type === 'PharmacistApproved' || event.type === 'PharmacistRefused') return event.lockId;
  }
  throw new Error('a review without an opinion');
}

/** What stands against any opinion, whatever the document says: asked first, so that no signature is checked in vain. */
function beforeSignature(
  { reference }: Deps,
  { state }: StoredPrescription,
  { pharmacistId }: ReviewRequest,
  { actor, at }: Call,
): Refused | undefined {
  const { historyViewRequired } = profileFor(actor.institutionId, at, reference).values;
  const asked = { type: 'RefuseByPharmacist', pharmacistId, reason: '', evidence: undefined } as const;
  const decision = decide(state, { ...asked, pharmacyId: actor.institutionId, at }, { historyViewRequired });
  return isRefused(decision) ? decision : undefined;
}

function askVerification(
  { peers }: Deps,
  { prescriptionId, documentSm3, lastEventId }: StoredPrescription,
  { document, signature, pharmacistId }: ReviewRequest,
  { actor }: Call,
): Promise<CheckReviewResponse | Refused> {
  return peers.verification.checkReview(
    {
      document,
      signature,
      signer: pharmacistId,
      signerKind: 'PHARMACIST',
      institutionId: actor.institutionId,
      prescriptionId,
      prescriptionSm3: documentSm3,
    },
    { actor, causationId: lastEventId },
  );
}
