import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { livingFromCheckout } from './living.mjs';
import { findNode24, hashOfFile, patchesDir, root } from './paths.mjs';
import { runQuietly } from './run-quietly.mjs';
import { diskFull, Stop, saysDiskFull } from './stop.mjs';
import { answer, remedies } from './tools.mjs';

const stampFile = join(root, 'node_modules', '.erx-install-stamp');

/** What an install is made of: the lockfile, and the patches of packages. */
const recipe = () =>
  [join(root, 'package-lock.json'), ...readdirSync(patchesDir).map((name) => join(patchesDir, name))]
    .map(hashOfFile)
    .join(' ');

/** `current`, `outdated` (complete, but of another lockfile) or `missing` (never done, not finished, or partly lost). */
export function installState() {
  if (!existsSync(stampFile) || findNode24() === undefined || !nothingIsLost()) return 'missing';
  return readFileSync(stampFile, 'utf8').trim() === recipe() ? 'current' : 'outdated';
}

/** npm's own list of what it installed, compared with what is there. */
function nothingIsLost() {
  try {
    const { packages } = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'));
    return Object.keys(packages).every((path) => existsSync(join(root, path)));
  } catch {
    return false;
  }
}

/** Installs from the lockfile unless its last complete install was the same. The stamp is written last. */
export async function prepareInstall() {
  const state = installState();
  if (state === 'current') return;
  const living = livingFromCheckout();
  if (living.length > 0) {
    const who = `process ${living.join(', ')} runs from this checkout`;
    if (state === 'missing')
      throw new Stop(`Packages must be installed, but ${who}: stop it first (Ctrl-C, or kill it).`);
    console.log(`package-lock.json has changed, but ${who}: going on with the packages that are there.`);
    return;
  }
  if (answer('npm', ['--version']) === undefined) throw new Stop(`npm is missing: ${remedies.node}.`);
  rmSync(stampFile, { force: true });
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runQuietly('installing packages from the lockfile', 'npm', args, { cwd: root });
  if (code !== 0) throw new Stop(reason(output));
  await import('./patch-packages.mjs'); // it needs a package itself
  if (findNode24() === undefined) {
    throw new Stop(`There is no packaged Node 24 for ${process.platform}-${process.arch}: install Node 24 and repeat.`);
  }
  writeFileSync(stampFile, `${recipe()}\n`);
}

function reason(output) {
  if (saysDiskFull(output)) return diskFull;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output)) {
    return 'The package registry does not answer: check the network (`npm ping`), then repeat the command.';
  }
  if (/EACCES|EPERM/.test(output)) return `${root} is not writable for this user: clone it again as this user.`;
  const lines = output.trim().split('\n').slice(0, 3).join(' / ');
  return `npm could not install the packages (${lines}). Repeat the command; \`npm ci\` shows the whole story.`;
}
