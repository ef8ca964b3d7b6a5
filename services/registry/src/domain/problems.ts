import { type Refused, refusal } from '@erx/errors';

/** What is wrong at one place of a request. `problem` is a fixed word, never a value from the request. */
export type Problem = { pointer: string; problem: string };
export type Problems = Generator<Problem, void>;

/** A problem unless the condition holds. */
export function* expect(holds: boolean, pointer: string, problem: string): Problems {
  if (!holds) yield { pointer, problem };
}

/** The problems of every entry of a list, each below its own index. */
export function* each<T>(list: readonly T[], pointer: string, check: (entry: T, at: string) => Problems): Problems {
  for (const [index, entry] of list.entries()) yield* check(entry, `${pointer}/${index}`);
}

/** Entries whose key an earlier entry has already. */
export function* distinct<T>(
  list: readonly T[],
  pointer: (index: number) => string,
  keyOf: (entry: T) => string,
): Problems {
  const seen = new Set<string>();
  for (const [index, entry] of list.entries()) {
    yield* expect(!seen.has(keyOf(entry)), pointer(index), 'DUPLICATE');
    seen.add(keyOf(entry));
  }
}

// Refusals travel in one gRPC trailer, which holds 64 KB.
const SHOWN = 100;

/** All problems at once as one refusal; a list too long for an answer ends in the number of those left out. */
export function refuseAll(problems: readonly Problem[]): Refused {
  const shown = problems
    .slice(0, SHOWN)
    .map(({ pointer, problem }) => refusal('REQUEST_INVALID', { problem }, pointer));
  const left = problems.length - shown.length;
  if (left > 0) shown.push(refusal('REQUEST_INVALID', { problem: 'MORE_PROBLEMS', count: String(left) }));
  return { refused: shown };
}
