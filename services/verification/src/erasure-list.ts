import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A deletion that was decided: the keys that this person had then are to be destroyed. `at` is machine time. */
export type Erasure = { personId: string; at: Date; basis: string };

/**
 * The deletions, kept outside the database: a database put back to an earlier instant forgets them, this list does not. One
 * line each, only ever added to: person id, instant, basis.
 */
export type ErasureList = { add(erasure: Erasure): void; all(): Erasure[] };

const LINE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\S+) ([A-Z_]+)$/;

export function openErasureList(file: string): ErasureList {
  return {
    /** On disk when this returns. */
    add({ personId, at, basis }) {
      const handle = openSync(file, 'a', 0o600);
      try {
        writeSync(handle, `${personId} ${at.toISOString()} ${basis}\n`);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    },
    all() {
      if (!existsSync(file)) return [];
      // A line that was cut off by a crash was never acted on: the client was not answered, and asks again.
      return readFileSync(file, 'utf8').split('\n').flatMap(readLine);
    },
  };
}

function readLine(line: string): Erasure[] {
  const [, personId = '', at = '', basis = ''] = LINE.exec(line) ?? [];
  return personId === '' ? [] : [{ personId, at: new Date(at), basis }];
}
