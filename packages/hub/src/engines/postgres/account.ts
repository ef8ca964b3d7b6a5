import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { Failure } from '../../failure.ts';

/** Whom the server runs as; undefined = the user of this process. */
export type Account = { uid: number; gid: number } | undefined;

const NAME = 'erx-postgres';

/** PostgreSQL refuses to run as root: root gets a system user of its own for it, made when missing. */
export function serverAccount(existingData: string): Account {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(existingData)) {
    const { uid, gid } = statSync(existingData);
    if (uid !== 0) return { uid, gid };
  }
  spawnSync('useradd', ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false', NAME]);
  for (const name of [NAME, 'postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new Failure(
    `PostgreSQL does not run as root, and there is no other user for it. Make one: useradd --system ${NAME}`,
  );
}

function idOf(kind: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [kind, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
