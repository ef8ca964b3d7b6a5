// Findings about where the hub's files and port are.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { dataDir } from './paths.mjs';
import { answer } from './tools.mjs';

const FREE_GB_WANTED = 3;

export function diskSpace(what, folder) {
  const { bavail, bsize } = statfsSync(folder);
  const gb = (bavail * bsize) / 1e9;
  return {
    ok: gb >= FREE_GB_WANTED,
    text: `${gb.toFixed(1)} GB free for ${what}`,
    remedy: `free some space: df -h ${folder}`,
  };
}

/** The folder itself, else the closest one above it that exists. */
export function nearest(folder) {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

export function dataFolder() {
  const there = nearest(dataDir);
  const mend = there === dataDir ? `sudo chown -R "$(id -un)" ${dataDir}, or ` : '';
  const remedy = `${mend}choose another: ERX_DATA_DIR=<folder>`;
  try {
    accessSync(there, constants.W_OK);
    return { ok: true, text: `data folder ${dataDir}` };
  } catch {
    return { ok: false, text: `data folder ${dataDir} is not writable for this user`, remedy };
  }
}

export function postgresFiles() {
  if (process.env.ERX_POSTGRES_URL) return { ok: true, text: 'PostgreSQL: the server that ERX_POSTGRES_URL names' };
  if (process.getuid?.() !== 0) return { ok: true, text: `PostgreSQL runs as this user, files in ${dataDir}/postgres` };
  const user = ['erx-postgres', 'postgres', 'nobody'].find((name) => answer('id', ['-u', name]) !== undefined);
  const made = user === 'erx-postgres' ? user : 'a system user erx-postgres, made at the first start';
  return {
    ok: user !== undefined || answer('useradd', ['--help']) !== undefined,
    text: `root: PostgreSQL runs as ${made}, files in /var/lib/erx-hub`,
    remedy: 'useradd --system erx-postgres',
  };
}

export async function httpPort(living) {
  const port = Number(process.env.ERX_HTTP_PORT || 8080);
  const free = await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
  const ours = living?.includes(`:${port} `) ?? false;
  const text = free ? `port ${port} is free` : ours ? `port ${port} is the hub’s` : `port ${port} is taken`;
  return { ok: free || ours, text, remedy: 'choose another: ERX_HTTP_PORT=<port>' };
}

/** Database files of root's hubs whose data folder is gone or has new ones: nobody can read them any more. */
export function abandoned() {
  const folder = '/var/lib/erx-hub/data';
  if (process.getuid?.() !== 0 || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.owner'));
  const lost = names.map((name) => join(folder, name.slice(0, -'.owner'.length))).filter((data) => !isOwned(data));
  const files = lost.map((data) => `${data}*`).join(' ');
  return lost.length === 0
    ? []
    : [
        {
          ok: true,
          text: `${lost.length} database folders have lost their data folder; to remove them: rm -rf ${files}`,
        },
      ];
}

function isOwned(data) {
  try {
    const owner = readFileSync(`${data}.owner`, 'utf8').trim();
    return readFileSync(join(owner, 'postgres', 'location'), 'utf8') === data;
  } catch {
    return false;
  }
}
