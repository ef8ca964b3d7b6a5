import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file at once: a reader sees the old or the new content, also after a crash. Readable by its owner only. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  renameSync(writeBeside(path, content), path);
}

/** Gives the file's content; makes it first when it does not exist. Two makers at once get the same content. */
export function readOrCreate(path: string, make: () => string | Uint8Array): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const beside = writeBeside(path, make());
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside);
  }
  return readFileSync(path);
}

function writeBeside(path: string, content: string | Uint8Array): string {
  const beside = `${path}.${process.pid}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return beside;
}
