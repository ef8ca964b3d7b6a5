import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from '@erx/postgres';

export type SmallDisk = Disposable & { folder: string; fill(): void; empty(): void };

const SIZE = '16m';
const CHUNK = Buffer.alloc(4_096, 1);

/** A file system of 16 MiB that the server may write; undefined where this user may not mount one. */
export async function mountSmallDisk(sql: Sql): Promise<SmallDisk | undefined> {
  const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`;
  const { uid, gid } = statSync(row?.folder ?? '');
  const folder = mkdtempSync(join(tmpdir(), 'erx-small-'));
  const mount = ['mount', '-t', 'tmpfs', '-o', `size=${SIZE},uid=${uid},gid=${gid},mode=700`, 'tmpfs', folder];
  const sudo = ['sudo', '-n'];
  const [how] = [[], sudo].filter((prefix) => run([...prefix, ...mount]));
  if (how === undefined) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => fillUp(ballast),
    empty: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      run([...how, 'umount', '-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** To the last block. */
function fillUp(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (;;) writeSync(handle, CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
}
