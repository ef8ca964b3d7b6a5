import { addYears } from '@erx/values';

/**
 * GX-3k: bytes, hash and evidence are kept at least until then, `years` after the last instant at which a sale can still
 * rest on them.
 */
export function retainUntil(validUntil: Date, years: number): Date {
  return addYears(validUntil, years);
}
