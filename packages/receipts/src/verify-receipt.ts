import {
  isInvalid,
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  sameBytes,
  type VerifierKey,
  verifyInclusion,
} from '@erx/tlog';
import { logEntryOf } from './log-entry.ts';
import { parseReceipt, type Receipt } from './receipt.ts';

/** What is checked, in this order; each needs the one before. */
export const checks = ['file', 'key', 'checkpoint', 'entry', 'inclusion'] as const;
export type Check = (typeof checks)[number];

type Proven = {
  receipt: Receipt;
  origin: string;
  size: number;
  /** Known witnesses that cosigned this tree, and when (seconds since 1970). */
  witnesses: { name: string; at: number }[];
};
/** `passed` in order; then either all is proven, or the next check failed for the reason given. */
export type Verdict = { passed: Check[] } & ({ proven: Proven } | { failed: Check; why: string });

/**
 * Checks a receipt with nothing but public keys (verifier key lines: the log's, perhaps those of witnesses): the log signed
 * a tree, the event's exact bytes are what an entry was made of, and that entry stands at its place in that tree.
 */
export function verifyReceipt(file: string, keyTexts: readonly string[]): Verdict {
  const passed: Check[] = [];
  const fail = (why: string): Verdict => ({ passed, failed: checks[passed.length] ?? 'inclusion', why });

  const receipt = parseReceipt(file);
  if (isInvalid(receipt)) return fail(receipt.invalid);
  passed.push('file');

  const keys: VerifierKey[] = [];
  for (const text of keyTexts) {
    const key = parseVerifierKey(text.trim());
    if (isInvalid(key)) return fail(key.invalid);
    keys.push(key);
  }
  if (keys.length === 0) return fail('no key was given');
  passed.push('key');

  const opened = openCheckpoint(receipt.checkpoint, keys);
  if (isInvalid(opened)) return fail(opened.invalid);
  passed.push('checkpoint');

  const { eventId: id, type, event: value, salt, leaf, index, proof } = receipt;
  if (!sameBytes(logEntryOf({ id, type, value, salt }), leaf)) {
    return fail('event bytes, salt, id and type together do not give the entry of the log');
  }
  passed.push('entry');

  const { origin, size, root } = opened.checkpoint;
  if (!verifyInclusion(leafHash(leaf), index, size, proof, root)) {
    return fail('the proof does not lead from the entry to the root of the signed tree');
  }
  passed.push('inclusion');
  const witnesses = opened.signed.flatMap(({ key: { name }, at }) => (at === undefined ? [] : [{ name, at }]));
  return { passed, proven: { receipt, origin, size, witnesses } };
}
