import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** The last signed checkpoint, outside the database: what no restored or rewritten database can take back. */
export type OutsideCheckpoint = {
  /** The note; undefined before the first. */
  read(): Promise<string | undefined>;
  /** On disk when it resolves: a reader sees the old or the new note, also after a crash. */
  write(note: string): Promise<void>;
};

export async function openOutside(dir: string): Promise<OutsideCheckpoint> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'checkpoint');
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(note) {
      const beside = `${path}.${process.pid}.new`;
      const file = await open(beside, 'w', 0o644);
      try {
        await file.writeFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
      const folder = await open(dir);
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
  };
}
