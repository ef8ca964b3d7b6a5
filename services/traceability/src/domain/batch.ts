// A batch of codes: all or nothing, or each for itself, as the caller asks. Pure.
import type { Refusal, Refused } from '@erx/errors';

const batchModes = ['ALL_OR_NOTHING', 'EACH'] as const;
export type BatchMode = (typeof batchModes)[number];

export const CODES_PER_CALL_MAX = 2_000;
/** Refusals travel in a trailer of bounded size; the rest shows when these are mended. */
const REFUSALS_MAX = 100;

/** Why one code of a batch was not booked; what was misread is not repeated. */
export type BadCode = { traceCode: string; refusals: Refusal[] };

export function isBatchMode(text: string): text is BatchMode {
  return (batchModes as readonly string[]).includes(text);
}

/** As many as an answer carries; the last says how many there are. */
export function refusedWith(refusals: readonly Refusal[]): Refused {
  if (refusals.length <= REFUSALS_MAX) return { refused: refusals };
  const shown = refusals.slice(0, REFUSALS_MAX);
  const last = shown.pop() as Refusal;
  return { refused: [...shown, { ...last, detail: { ...last.detail, refusals: String(refusals.length) } }] };
}
