import type { Random } from '../world/random.ts';
import {
  alreadyUsed,
  historyNotViewed,
  notDualPharmacy,
  reviewMissing,
  twoPharmacies,
  wrongPerson,
} from './counter-refused.ts';
import type { Kind } from './kind.ts';
import { leftOpen, partlyFilled, patientChooses, pharmacistRefuses, plain, released, twoVisits } from './plain.ts';
import { doctorNotFiled, drugNotInScheme, filingInProgress, insuredInactive, offScope } from './precheck-refused.ts';
import { foreignQuote, priceAboveStandard, priceSplit, staleQuote } from './price-refused.ts';
import { lostAnswer, sameKeyOtherContent } from './repeated.ts';
import {
  traceDuplicate,
  traceMalformed,
  traceMissing,
  traceNotHeld,
  traceProductMismatch,
  traceUnknown,
  twoTills,
} from './trace-refused.ts';
import { consentFlagOnly, tamperedDocument } from './upload-refused.ts';

/** Every way that is not the plain one. */
export const special: readonly Kind[] = [
  patientChooses,
  released,
  pharmacistRefuses,
  twoVisits,
  partlyFilled,
  leftOpen,
  doctorNotFiled,
  offScope,
  drugNotInScheme,
  insuredInactive,
  filingInProgress,
  tamperedDocument,
  consentFlagOnly,
  wrongPerson,
  notDualPharmacy,
  twoPharmacies,
  alreadyUsed,
  reviewMissing,
  historyNotViewed,
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
];

/** Each special kind is so much of a programme, and at least one play where there is room. */
const SHARE = 0.016;

/** Which kinds are played in a run of `count`, in which order: the seed decides the order, never the mix. */
export function programme(count: number, random: Random): Kind[] {
  const each = Math.max(1, Math.floor(count * SHARE));
  // A short run plays as many special kinds as fit into half of it.
  const chosen = random.shuffle(special.flatMap((kind) => Array.from({ length: each }, () => kind)));
  const specials = count < 2 * special.length ? chosen.slice(0, Math.floor(count / 2)) : chosen;
  const plains = Array.from({ length: count - specials.length }, () => plain);
  return random.shuffle([...plains, ...specials]);
}
