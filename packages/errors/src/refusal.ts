import type { RefusalCode } from './catalogue.ts';

/** One reason why an act did not happen. `detail` holds the values compared, never personal data. */
export type Refusal = {
  code: RefusalCode;
  /** JSON pointer into the request, when one field is at fault. */
  field?: string;
  detail?: Record<string, string>;
};

/** Refusals are values: expected answers with a code. Exceptions are bugs or broken machines. */
export type Refused = { refused: readonly Refusal[] };

export function refuse(code: RefusalCode, detail?: Record<string, string>, field?: string): Refused {
  return { refused: [refusal(code, detail, field)] };
}

export function refusal(code: RefusalCode, detail?: Record<string, string>, field?: string): Refusal {
  return { code, ...(field === undefined ? {} : { field }), ...(detail === undefined ? {} : { detail }) };
}

/** Refusals stand alone: an answer with a field `refused` beside others (a batch booked in part) is an answer. */
export function isRefused(outcome: unknown): outcome is Refused {
  if (typeof outcome !== 'object' || outcome === null || !('refused' in outcome)) return false;
  return Array.isArray(outcome.refused) && Object.keys(outcome).length === 1;
}

/** A part of the hub that is needed for the answer does not answer; the caller may repeat with the same key. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}
