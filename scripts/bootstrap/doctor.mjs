import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { abandoned, dataFolder, diskSpace, httpPort, nearest, postgresFiles } from './doctor-places.mjs';
import { brokerTools, browser, packages, tool } from './doctor-tools.mjs';
import { isHeld } from './name-lock.mjs';
import { dataDir, root, shortHash } from './paths.mjs';
import { answer, nodeIsEnough, remedies } from './tools.mjs';

/** One screen: what is here, what is missing, and the command that mends it. Installs and starts nothing. */
export async function runDoctor() {
  const living = await livingHub();
  const findings = [
    { ok: nodeIsEnough, text: `Node ${process.version}`, remedy: remedies.node },
    tool('npm', answer('npm', ['--version']), remedies.node),
    ...brokerTools(),
    packages(),
    browser(),
    diskSpace('this checkout', root),
    diskSpace('the data folder', nearest(dataDir)),
    dataFolder(),
    postgresFiles(),
    await httpPort(living),
    { ok: true, text: living ? `a hub lives here: ${living}` : 'no hub lives in this data folder' },
    ...abandoned(),
  ];
  for (const { ok, text, remedy } of findings)
    console.log(`${ok ? '✓' : '✗'} ${text}${ok || !remedy ? '' : ` → ${remedy}`}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function livingHub() {
  if (!existsSync(dataDir) || !(await isHeld(`erx-hub-${shortHash(realpathSync(dataDir))}`))) return undefined;
  try {
    const hub = JSON.parse(readFileSync(join(dataDir, 'hub.json'), 'utf8'));
    return `${hub.gateway.url} (process ${hub.pid}, ${hub.state})`;
  } catch {
    return 'still starting';
  }
}
