import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));
export const patchesDir = join(root, 'scripts', 'bootstrap', 'patches');
export const dataDir = resolve(root, process.env.ERX_DATA_DIR || '.erx');

const os = process.platform === 'win32' ? 'win' : process.platform;
const packaged = join(root, 'node_modules', `node-${os}-${process.arch}`, 'bin', os === 'win' ? 'node.exe' : 'node');

/** Node 24 from the lockfile; on a platform without such a package the running Node, if it is new enough. */
export function findNode24() {
  if (existsSync(packaged)) return packaged;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
}

export function hashOfFile(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

export function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
