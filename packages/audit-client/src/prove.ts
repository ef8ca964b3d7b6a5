import { setTimeout as sleep } from 'node:timers/promises';
import { hashedEntryOf, logEntryOf } from '@erx/receipts';
import {
  fromBase64,
  HASH_BYTES,
  isInvalid,
  keyTypes,
  leafHash,
  type OpenedCheckpoint,
  openCheckpoint,
  ProvenTree,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  sameBytes,
  tilePath,
  type VerifierKey,
} from '@erx/tlog';
import { type Ask, mustBeGood } from './answers.ts';
import type { AuditEntry, Checkpoint, Item } from './items.ts';
import type { LogPlace } from './place.ts';

/** An entry, or the log itself, is not what the log's key and tiles show. */
export class UnprovenError extends Error {
  override name = 'UnprovenError';
}

/** What was shown of an entry: its exact bytes; or, where fields are masked, that an event of its id and type exists. */
export type Proven = 'BYTES' | 'ID_AND_TYPE';

/** Verifier keys of witnesses (见证), and how many of them must have cosigned a tree. */
export type Witnesses = { keys: readonly string[]; quorum: number };

type Options = { ask: Ask; keys: readonly string[]; witnesses?: Witnesses; signal: AbortSignal };

/** `tree`: the newest that may be believed, `note`: its checkpoint. `told`: size of the newest that was heard of. */
type OpenLog = { logId: number; tree: ProvenTree; note: string; told: number };

/** The log is signed each second while it grows. */
const LOOK_AGAIN_MS = 250;
/** An entry that no signed tree holds for so long, while the log is served, is held back from the log. */
const PATIENCE_MS = 180_000;

/** Verifies entries in the order of their numbers against the public log, and knows how far it came. */
export class Prover {
  readonly #options: Options;
  readonly #keys: VerifierKey[];
  readonly #quorum: number;
  #place: LogPlace | undefined;
  #open: OpenLog | undefined;

  /** Throws a plain Error for a key that is none, and for a quorum that its witnesses cannot reach. */
  constructor(options: Options, place: LogPlace | undefined) {
    this.#options = options;
    this.#place = place;
    const { keys: witnesses, quorum } = options.witnesses ?? { keys: [], quorum: 0 };
    if (quorum > new Set(witnesses).size) throw new Error(`${quorum} of ${witnesses.length} witnesses cannot cosign`);
    this.#quorum = quorum;
    this.#keys = [
      ...options.keys.map((text) => keyOf(text, keyTypes.signature)),
      ...witnesses.map((text) => keyOf(text, keyTypes.cosignature)),
    ];
  }

  /** Where the last verified entry stands, and the newest checkpoint seen: the next ones are compared with it. */
  get place(): LogPlace | undefined {
    return this.#place;
  }

  /** Waits until a signed tree holds the entry. Throws UnprovenError, naming the entry, when something does not fit. */
  async prove(entry: AuditEntry): Promise<Proven> {
    const fail = (why: string) => new UnprovenError(`entry ${entry.number} (event ${entry.eventId}): ${why}`);
    if (entry.logged === undefined) throw fail('the hub names no leaf of it in the log');
    const { logId, index } = entry.logged;
    const { leaf, proven } = leafOf(entry);
    if (leaf === undefined) throw fail('the hub does not tell what its leaf is made of');
    const last = this.#place;
    if (last !== undefined && (logId < last.logId || (logId === last.logId && index <= last.index))) {
      throw fail(`leaf ${index} of log ${logId} does not follow leaf ${last.index} of log ${last.logId}`);
    }
    try {
      const { tree, note } = await this.#treeWith(logId, index);
      const hash = await tree.leafHash(index);
      if (isInvalid(hash)) throw new UnprovenError(hash.invalid);
      if (!sameBytes(hash, leafHash(leaf)))
        throw new UnprovenError(`leaf ${index} of log ${logId} is of something else`);
      this.#place = { logId, index, checkpoint: note };
      return proven;
    } catch (error) {
      throw error instanceof UnprovenError ? fail(error.message) : error;
    }
  }

  /** Takes up a tree that came beside the entries: what it holds need not be asked for. */
  async takeUp({ logId, note }: Checkpoint): Promise<void> {
    const open = this.#logOf(logId);
    const opened = this.#opened(note);
    open.told = Math.max(open.told, opened.checkpoint.size);
    if (cosignatures(opened) < this.#quorum) return;
    const before = open.tree.size;
    const wrong = await open.tree.takeUp(opened.checkpoint);
    if (wrong !== undefined) throw new UnprovenError(`log ${logId}: ${wrong.invalid}`);
    if (open.tree.size > before) open.note = note;
  }

  /** Whether a tree that holds it was told: to wait for another is of no use. */
  isTold(item: Item): boolean {
    if (!('entry' in item)) return true;
    const { logId, index } = item.entry.logged ?? { logId: 0, index: 0 };
    return this.#open?.logId === logId && index < this.#open.told;
  }

  async #treeWith(logId: number, index: number): Promise<OpenLog> {
    const open = this.#logOf(logId);
    for (let waited = 0; open.tree.size <= index; waited += LOOK_AGAIN_MS) {
      const by = this.#quorum === 0 ? '' : ` that ${this.#quorum} witnesses cosigned`;
      if (waited > PATIENCE_MS) throw new UnprovenError(`no signed tree of log ${logId}${by} holds leaf ${index}`);
      if (waited > 0) await sleep(LOOK_AGAIN_MS, undefined, { signal: this.#options.signal });
      const note = await this.#checkpoint(logId);
      if (note !== undefined) await this.takeUp({ logId, note });
    }
    return open;
  }

  #logOf(logId: number): OpenLog {
    if (this.#open?.logId !== logId) this.#open = { logId, tree: this.#treeOf(logId), note: '', told: 0 };
    return this.#open;
  }

  #treeOf(logId: number): ProvenTree {
    const place = this.#place;
    return new ProvenTree(
      async (tile) => {
        const bytes = new Uint8Array(await (await this.#get(logId, tilePath(tile))).arrayBuffer());
        const expected = tile.width * HASH_BYTES;
        if (bytes.length === expected) return bytes;
        throw new UnprovenError(`${tilePath(tile)} of log ${logId} has ${bytes.length} bytes, not ${expected}`);
      },
      place?.logId === logId ? this.#opened(place.checkpoint).checkpoint : undefined,
    );
  }

  #opened(note: string): OpenedCheckpoint {
    const opened = openCheckpoint(note, this.#keys);
    if (!isInvalid(opened)) return opened;
    const parsed = parseNote(note);
    const checkpoint = isInvalid(parsed) ? parsed : parseCheckpoint(parsed.text);
    const origin = isInvalid(checkpoint) ? '' : ` of ${checkpoint.origin}`;
    throw new UnprovenError(`the checkpoint${origin}: ${opened.invalid}`);
  }

  /** Undefined: nothing has been signed yet. */
  async #checkpoint(logId: number): Promise<string | undefined> {
    const response = await this.#options.ask(`/v1/audit/logs/${logId}/checkpoint`, {}, this.#options.signal);
    if (response.status === 404) return undefined;
    await mustBeGood(response);
    return response.text();
  }

  async #get(logId: number, path: string): Promise<Response> {
    const response = await this.#options.ask(`/v1/audit/logs/${logId}/${path}`, {}, this.#options.signal);
    if (response.status === 404) throw new UnprovenError(`${path} of log ${logId} is not served`);
    await mustBeGood(response);
    return response;
  }
}

function keyOf(text: string, type: VerifierKey['type']): VerifierKey {
  const key = parseVerifierKey(text.trim());
  if (isInvalid(key)) throw new Error(`verifier key: ${key.invalid}`);
  if (key.type !== type) throw new Error(`verifier key ${key.name}: of a log and of a witness are two kinds`);
  return key;
}

/** Only witnesses say when they signed. */
const cosignatures = ({ signed }: OpenedCheckpoint): number => signed.filter(({ at }) => at !== undefined).length;

function leafOf({ eventId: id, type, value, masked, logged }: AuditEntry): { leaf?: Uint8Array; proven: Proven } {
  if (masked !== undefined) {
    const saltedHash = fromBase64(logged?.saltedHash ?? '');
    const proven = 'ID_AND_TYPE';
    return saltedHash?.length === HASH_BYTES ? { leaf: hashedEntryOf({ id, type, saltedHash }), proven } : { proven };
  }
  const [salt, bytes] = [fromBase64(logged?.salt ?? ''), fromBase64(value)];
  const proven = 'BYTES';
  if (bytes === undefined || salt?.length !== HASH_BYTES) return { proven };
  return { leaf: logEntryOf({ id, type, value: bytes, salt }), proven };
}
