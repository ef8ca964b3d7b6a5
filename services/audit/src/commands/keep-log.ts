import { type Session, startSoleWorker } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import {
  formatCheckpoint,
  formatNote,
  type GrowingTree,
  isInvalid,
  leafHash,
  openCheckpoint,
  openTree,
  sameBytes,
  signText,
} from '@erx/tlog';
import {
  keepCheckpoint,
  type Log,
  lastCheckpoint,
  openLogOf,
  readEntriesFrom,
  tileReader,
} from '../store/log-store.ts';
import { LogBrokenError, type LogParts } from './open-log.ts';

const LOCK = 0x6572_78_04;
const SIGN_MS = 1_000;
/** Silence would look like a log that has died. */
const SIGN_IDLE_MS = 60_000;
/** Leaves that are hashed in one piece of work; the session must not fall silent meanwhile. */
const MOST_LEAVES = 10_000;

type Options = LogParts & {
  machine: () => Date;
  log: Logger;
  /** Told of each signed tree, in the order of their sizes. */
  onSigned?(log: Log, tree: { size: number; text: string; note: string }): void;
};

/**
 * Signs the tree of the open log: each second while it grows, each minute otherwise. One process at a time does so; the
 * checkpoint is outside the database before it is in there, so that nothing was served that a restore can make undone.
 */
export function keepLog(options: Options): AsyncDisposable {
  return startSoleWorker({
    url: options.database.url,
    name: 'audit-log',
    lock: LOCK,
    begin: async (session) => {
      const { log, tree, signedAt } = await resume(options, session);
      let last = signedAt;
      return async () => {
        const started = options.machine();
        const entries = await readEntriesFrom(session, log.logId, tree.size, MOST_LEAVES);
        const age = started.getTime() - last.getTime();
        if (tree.size + entries.length > 0 && (entries.length > 0 || age < 0 || age >= SIGN_IDLE_MS)) {
          await signTree(options, session, { log, tree, entries, at: started });
          last = started;
        }
        if (entries.length === MOST_LEAVES) return 0;
        return Math.max(0, SIGN_MS - (options.machine().getTime() - started.getTime()));
      };
    },
    onTrouble: (error) =>
      error instanceof LogBrokenError
        ? options.log.error({ err: error }, 'the log is broken and is not signed any more')
        : options.log.warn({ err: error }, 'signing the log was interrupted, begins again'),
  });
}

/** The tree as it was signed last. */
async function resume({ keys }: Options, session: Session): Promise<{ log: Log; tree: GrowingTree; signedAt: Date }> {
  const log = await openLogOf(session);
  if (log === undefined) throw new Error('no log is open');
  const signed = await lastCheckpoint(session, log.logId);
  const tree = await openTree(signed?.size ?? 0, tileReader(session, log.logId));
  if (signed === undefined) return { log, tree, signedAt: new Date(0) };
  const opened = openCheckpoint(signed.note, keys.verifiers(log.origin));
  if (isInvalid(opened)) throw new LogBrokenError(opened.invalid);
  if (!sameBytes(opened.checkpoint.root, tree.root())) {
    throw new LogBrokenError(`log ${log.origin} does not match its checkpoint of ${signed.size} leaves`);
  }
  return { log, tree, signedAt: signed.signedAt };
}

type Growth = { log: Log; tree: GrowingTree; entries: readonly Uint8Array[]; at: Date };

async function signTree(options: Options, session: Session, { log, tree, entries, at }: Growth): Promise<void> {
  const tiles = tree.append(entries.map(leafHash));
  const text = formatCheckpoint({ origin: log.origin, size: tree.size, root: tree.root() });
  const seconds = Math.floor(at.getTime() / 1_000);
  const signatures = options.keys.signers(log.origin).map((key) => signText(key, text, seconds));
  const note = formatNote({ text, signatures });
  await options.outside.write(note);
  await keepCheckpoint(session, log.logId, { size: tree.size, note, signedAt: at }, tiles);
  options.onSigned?.(log, { size: tree.size, text, note });
}
