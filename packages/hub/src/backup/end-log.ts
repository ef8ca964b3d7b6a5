import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClient } from '@erx/postgres';
import { type Checkpoint, isInvalid, parseCheckpoint, parseNote } from '@erx/tlog';
import { Failure } from '../failure.ts';
import { writeAtomically } from '../write-atomically.ts';

type Options = {
  /** Audit's restored database. */
  url: string;
  /** Folder of the checkpoint that is kept outside the database; one that stands there is taken. */
  logDir: string;
  /** File with the newest checkpoint that anybody has of the lost hub. */
  checkpoint: string | undefined;
};

/**
 * Ends the log of a restored database: the lost hub has signed on after the backup, and nobody may sign another tree
 * under that name. Audit begins a new one with the newest checkpoint that is known of the old. Gives what it says;
 * undefined: nothing had been signed yet.
 */
export async function endLog({ url, logDir, checkpoint }: Options): Promise<Checkpoint | undefined> {
  const kept = join(logDir, 'checkpoint');
  const file = checkpoint ?? (existsSync(kept) ? kept : undefined);
  const sql = openClient(url, { max: 1, onnotice: () => {} });
  try {
    const [last] = await sql<{ note: string }[]>`
      select note from log_checkpoint join log using (log_id) where is_open order by log_checkpoint.size desc limit 1`;
    const note = file === undefined ? last?.note : readFileSync(file, 'utf8');
    if (note === undefined) return undefined;
    const newest = read(note, file ?? 'the backup');
    const own = last && read(last.note, 'the backup');
    if (own?.origin === newest.origin && own.size > newest.size) {
      throw new Failure(`${file} is of ${newest.size} leaves and older than the backup itself, of ${own.size}.`);
    }
    mkdirSync(logDir, { recursive: true });
    writeAtomically(kept, note);
    await sql`update log set is_open = false where is_open`;
    return newest;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function read(note: string, from: string): Checkpoint {
  const parsed = parseNote(note);
  const checkpoint = isInvalid(parsed) ? parsed : parseCheckpoint(parsed.text);
  if (isInvalid(checkpoint)) throw new Failure(`${from}: ${checkpoint.invalid}.`);
  return checkpoint;
}
