import type { Refusal } from '@erx/errors';

/** `CODE field` of every refusal, in their order. */
export function shown(refused: readonly Refusal[]): string[] {
  return refused.map(({ code, field }) => (field === undefined ? code : `${code} ${field}`));
}
