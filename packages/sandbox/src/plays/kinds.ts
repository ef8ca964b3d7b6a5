import type { Random } from '../world/random.ts';
import { clerkSigns, foreignGrant, forgedCredential, unlicensedPharmacist } from './access-refused.ts';
import { agentCollects, agentUnverified, agentWithoutContact, agentWithoutSignature } from './agents.ts';
import { expiredGrant, expires, lockTimesOut, restExpires } from './clock-plays.ts';
import {
  alreadyUsed,
  historyNotViewed,
  notDualPharmacy,
  reviewMissing,
  twoPharmacies,
  wrongPerson,
} from './counter-refused.ts';
import { heldAndReleased } from './held.ts';
import type { Kind } from './kind.ts';
import type { ClockKind } from './last-act.ts';
import { openedBox } from './packs.ts';
import { outOfRegion, remoteFiled, remoteUnfiled } from './place-refused.ts';
import { leftOpen, partlyFilled, patientChooses, pharmacistRefuses, plain, released, twoLines } from './plain.ts';
import { doctorNotFiled, drugNotInScheme, filingInProgress, insuredInactive, offScope } from './precheck-refused.ts';
import { foreignQuote, priceAboveStandard, priceSplit, staleQuote } from './price-refused.ts';
import { crossSell, quantityOverRest } from './quantity-refused.ts';
import { qualityReturn, recalledBatch, soldCodeReappears } from './recall.ts';
import { reissued } from './reissued.ts';
import { asksForOutcome, lostAnswer, repeatWhileRunning, sameKeyOtherContent } from './repeated.ts';
import { reversalTooLate, reversedInStock, reversedLeftCounter } from './reversal.ts';
import {
  flippedBit,
  formerKey,
  otherContent,
  otherKey,
  otherPrescription,
  signerNotAdmitted,
} from './signature-refused.ts';
import { hundredLocks, twoSalesOfOne } from './together.ts';
import {
  traceDuplicate,
  traceMalformed,
  traceMissing,
  traceNotHeld,
  traceProductMismatch,
  traceUnknown,
  twoTills,
} from './trace-refused.ts';
import { twoVisits } from './two-visits.ts';
import { consentFlagOnly, tamperedDocument } from './upload-refused.ts';
import {
  withdrawnAfterPart,
  withdrawnBeforeArrival,
  withdrawnBeforeLock,
  withdrawnDuringLock,
  withdrawnDuringSale,
} from './withdrawal.ts';

/** Every way that is not the plain one, save those of the last act. */
export const special: readonly Kind[] = [
  patientChooses,
  twoLines,
  released,
  pharmacistRefuses,
  reissued,
  twoVisits,
  partlyFilled,
  leftOpen,
  withdrawnBeforeLock,
  withdrawnBeforeArrival,
  withdrawnDuringLock,
  withdrawnDuringSale,
  withdrawnAfterPart,
  reversedInStock,
  reversedLeftCounter,
  reversalTooLate,
  agentCollects,
  agentUnverified,
  agentWithoutContact,
  agentWithoutSignature,
  recalledBatch,
  qualityReturn,
  soldCodeReappears,
  openedBox,
  hundredLocks,
  twoPharmacies,
  twoSalesOfOne,
  doctorNotFiled,
  offScope,
  drugNotInScheme,
  insuredInactive,
  filingInProgress,
  tamperedDocument,
  consentFlagOnly,
  flippedBit,
  otherKey,
  formerKey,
  signerNotAdmitted,
  otherContent,
  otherPrescription,
  wrongPerson,
  forgedCredential,
  foreignGrant,
  notDualPharmacy,
  outOfRegion,
  remoteUnfiled,
  remoteFiled,
  alreadyUsed,
  reviewMissing,
  historyNotViewed,
  unlicensedPharmacist,
  clerkSigns,
  quantityOverRest,
  crossSell,
  traceMissing,
  traceMalformed,
  traceUnknown,
  traceDuplicate,
  traceProductMismatch,
  traceNotHeld,
  twoTills,
  priceAboveStandard,
  priceSplit,
  staleQuote,
  foreignQuote,
  lostAnswer,
  sameKeyOtherContent,
  repeatWhileRunning,
  asksForOutcome,
];

/** Played when everything else is over, for they move the clock or take a doctor's filing away. */
export const lastAct: readonly ClockKind[] = [heldAndReleased, expiredGrant, lockTimesOut, expires, restExpires];

/** Special kinds are at most so much of a programme. */
const SHARE = 0.5;

/** Which kinds are played in a run of `count`, in which order: the seed decides the order, never the mix. */
export function programme(count: number, random: Random): Kind[] {
  const room = Math.floor(count * SHARE);
  const each = Math.max(1, Math.floor(room / special.length));
  // A short run plays as many special kinds as there is room for.
  const chosen = random.shuffle(special.flatMap((kind) => Array.from({ length: kind.once ? 1 : each }, () => kind)));
  const specials = chosen.slice(0, room);
  const plains = Array.from({ length: count - specials.length }, () => plain);
  return random.shuffle([...plains, ...specials]);
}
