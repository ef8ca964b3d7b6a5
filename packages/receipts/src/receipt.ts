import { formatProof, fromBase64, type Hash, type Invalid, isInvalid, parseProof, toBase64 } from '@erx/tlog';

/** Everything that shows an event in the log: its exact bytes, what the log holds of it, and the way to a signed tree. */
export type Receipt = {
  eventId: string;
  type: string;
  /** Exact bytes as published. */
  event: Uint8Array;
  /** 32 random bytes that keep the log's entry from telling anything of the event. */
  salt: Uint8Array;
  /** The entry of the log, an `erx.audit.v1.LogEntry`. */
  leaf: Uint8Array;
  index: number;
  proof: Hash[];
  /** Signed note (C2SP tlog-checkpoint), cosignatures included. */
  checkpoint: string;
};

type Told = { eventId: string; type: string; event: string; salt: string; leaf: string };
export type ReceiptJson = Told & { index: number; proof: string[]; checkpoint: string };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A text file in the form of C2SP tlog-proof: foreign tools check it; what is ours stands in its extra line. */
export function formatReceipt({ index, proof, checkpoint, ...event }: Receipt): string {
  return formatProof({ extra: encoder.encode(JSON.stringify(told(event))), index, proof, checkpoint });
}

export function receiptAsJson({ index, proof, checkpoint, ...event }: Receipt): ReceiptJson {
  return { ...told(event), index, proof: proof.map(toBase64), checkpoint };
}

/** Reads a receipt in either form, the text file or the JSON. Nothing is verified. */
export function parseReceipt(text: string): Receipt | Invalid {
  const isJson = text.trimStart().startsWith('{');
  return isJson ? fromJson(asObject(text)) : fromProof(text);
}

function told({ eventId, type, event, salt, leaf }: Omit<Receipt, 'index' | 'proof' | 'checkpoint'>): Told {
  return { eventId, type, event: toBase64(event), salt: toBase64(salt), leaf: toBase64(leaf) };
}

function fromProof(text: string): Receipt | Invalid {
  const file = parseProof(text);
  if (isInvalid(file)) return file;
  const { extra, index, proof, checkpoint } = file;
  const said = asObject(extra === undefined ? '' : decoder.decode(extra));
  return fromJson({ ...said, index, proof: proof.map(toBase64), checkpoint });
}

function fromJson(said: Record<string, unknown>): Receipt | Invalid {
  const { eventId, type, index, proof, checkpoint } = said;
  const [event, salt, leaf] = [bytesOf(said['event']), bytesOf(said['salt']), bytesOf(said['leaf'])];
  const hashes = Array.isArray(proof) ? proof.map(bytesOf) : [undefined];
  const isComplete =
    typeof eventId === 'string' &&
    typeof type === 'string' &&
    typeof index === 'number' &&
    typeof checkpoint === 'string' &&
    event !== undefined &&
    salt !== undefined &&
    leaf !== undefined &&
    hashes.every((hash) => hash !== undefined);
  if (!isComplete) return { invalid: 'a field of the receipt is missing or is not what it should be' };
  return { eventId, type, event, salt, leaf, index, proof: hashes, checkpoint };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined;
}

function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
