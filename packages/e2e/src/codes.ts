import type { Answer } from '@erx/sandbox';

/** The codes of a refusal, each once, sorted; nothing for an accepted request. */
export function codesOf(answer: Answer<unknown>): string[] {
  return answer.ok ? [] : [...new Set(answer.errors.map(({ code }) => code))].sort();
}
