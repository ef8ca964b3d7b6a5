import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { diskFull, Failure, saysDiskFull } from '../../failure.ts';
import { processesWithArgument } from '../../process/find-processes.ts';
import type { Home } from './home.ts';

export const ADMIN = 'erx';

/** Makes the database files unless they exist; an interrupted making is thrown away and begun again. */
export function makeCluster(home: Home, password: string): void {
  if (existsSync(home.data)) return;
  const workshop = join(dirname(home.data), `making-${basename(home.data)}`);
  rmSync(workshop, { recursive: true, force: true });
  const [data, passwordFile] = [join(workshop, 'data'), join(workshop, 'password')];
  mkdirSync(workshop, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.account) for (const path of [workshop, passwordFile]) chownSync(path, home.account.uid, home.account.gid);
  const { status, stdout, stderr, error } = spawnSync(
    join(home.binaries, 'bin', 'initdb'),
    [
      `--pgdata=${data}`,
      `--username=${ADMIN}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ],
    { ...runAs(home), encoding: 'utf8' },
  );
  if (status !== 0) {
    const output = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
    rmSync(workshop, { recursive: true, force: true });
    if (saysDiskFull(output)) throw new Failure(diskFull(dirname(home.data)));
    throw new Failure(`PostgreSQL could not make its files in ${home.data}: ${output.trim().split('\n').at(-1)}`);
  }
  renameSync(data, home.data);
  rmSync(workshop, { recursive: true, force: true });
}

/** How to start a program of PostgreSQL: its user, a folder that user can stand in, and no settings from outside. */
export function runAs(home: Home) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)));
  return { ...home.account, cwd: home.binaries, env: { ...env, LC_ALL: 'C', TZ: 'UTC' } };
}

/**
 * After a crash of the machine the id in postmaster.pid can be that of somebody else; PostgreSQL would then refuse to
 * start. Only a file whose process lives and is no server of these files is removed.
 */
export function removeForeignPidFile(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (isAlive(pid) && !processesWithArgument(data).includes(pid)) rmSync(file);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
