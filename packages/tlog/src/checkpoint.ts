import { fromBase64, toBase64 } from './base64.ts';
import { parseDecimal } from './decimal.ts';
import { HASH_BYTES } from './hash.ts';
import { type Invalid, isInvalid } from './invalid.ts';
import { keyTypes, type VerifierKey } from './note-key.ts';
import { type Note, parseNote, type Signed, verifySignatures } from './signed-note.ts';
import type { TreeHead } from './verify-proof.ts';

/** C2SP tlog-checkpoint: the tree of a log at some size. */
export type Checkpoint = TreeHead & { origin: string };

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** The text of a note as a checkpoint; lines after the third are allowed and mean nothing. */
export function parseCheckpoint(text: string): Checkpoint | Invalid {
  const [origin = '', sizeText = '', rootText = '', ...more] = text.split('\n');
  const size = parseDecimal(sizeText);
  const root = fromBase64(rootText);
  const end = more.pop();
  if (origin === '' || size === undefined || root?.length !== HASH_BYTES || end !== '' || more.includes('')) {
    return { invalid: 'not a checkpoint: origin, size and root hash are not its first three lines' };
  }
  return { origin, size, root };
}

export type OpenedCheckpoint = { checkpoint: Checkpoint; note: Note; signed: Signed[] };

/**
 * A checkpoint that its own log signed: with a known key of type 0x01 that bears the log's name. Known witnesses that
 * cosigned stand in `signed` beside it.
 */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): OpenedCheckpoint | Invalid {
  const parsed = parseNote(note);
  if (isInvalid(parsed)) return parsed;
  const checkpoint = parseCheckpoint(parsed.text);
  if (isInvalid(checkpoint)) return checkpoint;
  const signed = verifySignatures(parsed, keys);
  if (isInvalid(signed)) return signed;
  const byLog = signed.some(({ key }) => key.type === keyTypes.signature && key.name === checkpoint.origin);
  return byLog
    ? { checkpoint, note: parsed, signed }
    : { invalid: 'the log has not signed this checkpoint with a known key' };
}
