// Large, medium and small packs (大、中、小包装): each code has at most one pack around it, on the same note. Pure.
import { type Refusal, refusal } from '@erx/errors';

/** Large, medium, small. */
const LEVELS = 3;

/** What is wrong with the packs around a code; `booked`: codes of the note that are not refused. */
export function packingProblem(
  traceCode: string,
  parents: Readonly<Record<string, string>>,
  booked: ReadonlyMap<string, unknown>,
  field: string,
): Refusal | undefined {
  let around = parents[traceCode];
  for (let level = 1; around !== undefined; level += 1) {
    if (level >= LEVELS) {
      return refusal('REQUEST_INVALID', { traceCode, problem: 'TOO_MANY_LEVELS', max: String(LEVELS) }, field);
    }
    if (!booked.has(around)) return refusal('REQUEST_INVALID', { traceCode, problem: 'PACK_NOT_BOOKED' }, field);
    around = parents[around];
  }
  return undefined;
}

/** How many of the codes lie directly in each pack. */
export function countParts(codes: readonly string[], parents: Readonly<Record<string, string>>): Map<string, number> {
  const parts = new Map<string, number>();
  for (const code of codes) {
    const around = parents[code];
    if (around !== undefined) parts.set(around, (parts.get(around) ?? 0) + 1);
  }
  return parts;
}
