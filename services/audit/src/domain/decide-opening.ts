/** The open log as the database knows it. */
type Known = { origin: string; size: number; firstEntry: string | undefined };
/** The last signed checkpoint, kept outside of it. */
type Outside = { origin: string; size: number; note: string };

export type Opening =
  | { kind: 'FIRST' }
  /** The tree of the database must contain the one outside. */
  | { kind: 'GO_ON'; mustContain: boolean }
  /** An older database stands in the place of a newer one: its tree must not be signed under the old name. */
  | { kind: 'FOLLOW'; note: string };

/** How a log goes on after a start. */
export function decideOpening(known: Known | undefined, outside: Outside | undefined): Opening {
  if (outside === undefined) return known === undefined ? { kind: 'FIRST' } : { kind: 'GO_ON', mustContain: false };
  if (known === undefined) return { kind: 'FOLLOW', note: outside.note };
  if (known.origin === outside.origin) {
    return known.size < outside.size ? { kind: 'FOLLOW', note: outside.note } : { kind: 'GO_ON', mustContain: true };
  }
  // A log that was opened to follow, and died before it signed for the first time.
  if (known.firstEntry === outside.note) return { kind: 'GO_ON', mustContain: false };
  return { kind: 'FOLLOW', note: outside.note };
}
