import {
  EMPTY_ROOT,
  formatSignature,
  isInvalid,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseWitnessRequest,
  type SignerKey,
  sameBytes,
  signText,
  type TreeHead,
  type VerifierKey,
  verifyConsistency,
} from '@erx/tlog';
import type { Memory } from './memory.ts';

/** What goes back over HTTP. */
export type Answer = { status: number; type: string; body: string };

export type Witness = {
  /** C2SP tlog-witness `add-checkpoint`: cosigns what goes on from the last tree that it cosigned, and nothing else. */
  addCheckpoint(body: string): Answer;
};

type Options = {
  key: SignerKey;
  /** Keys of the logs that it watches, each under the origin of its log. */
  logs: readonly VerifierKey[];
  memory: Memory;
  now(): Date;
};

const say = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

export function openWitness({ key, logs, memory, now }: Options): Witness {
  return {
    addCheckpoint(body) {
      const request = parseWitnessRequest(body);
      if (isInvalid(request)) return say(400, request.invalid);
      const { oldSize, proof, checkpoint: note } = request;
      const parsed = parseNote(note);
      const claimed = isInvalid(parsed) ? parsed : parseCheckpoint(parsed.text);
      if (isInvalid(claimed)) return say(400, claimed.invalid);
      const keys = logs.filter(({ name }) => name === claimed.origin);
      if (keys.length === 0) return say(404, 'this log is not known here');
      const opened = openCheckpoint(note, keys);
      if (isInvalid(opened)) return say(403, opened.invalid);
      const { checkpoint } = opened;
      if (oldSize > checkpoint.size) return say(400, 'the old size is beyond the checkpoint');

      // No pause from here to the end: two requests at once must not both go on from the same tree.
      const known = memory.get(checkpoint.origin);
      const size = known?.size ?? 0;
      if (oldSize !== size) return { status: 409, type: 'text/x.tlog.size', body: `${size}\n` };
      if (!goesOn(known, checkpoint, proof)) return say(422, 'this tree does not go on from the one cosigned last');
      memory.set(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root });
      const signature = signText(key, opened.note.text, Math.floor(now().getTime() / 1_000));
      return { status: 200, type: 'text/plain; charset=utf-8', body: formatSignature(signature) };
    },
  };
}

/** Every tree goes on from the empty one, without a proof. */
function goesOn(known: TreeHead | undefined, tree: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (tree.size === 0 && !sameBytes(tree.root, EMPTY_ROOT)) return false;
  if (known === undefined || known.size === 0) return proof.length === 0;
  return verifyConsistency(known, tree, proof);
}
