import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { track } from './ending.mjs';
import { dataDir, findNode24, root } from './paths.mjs';

const flags = ['--disable-warning=ExperimentalWarning'];

// Every process of the hub compiles the same libraries: kept, that costs half the processor time of a start.
const compiled = join(root, 'node_modules', '.cache', 'node');

/**
 * Runs a script on Node 24 and gives its exit code. The child leads a process group of its own, so that a Ctrl-C
 * reaches it once and through here only, and it learns by the channel when this process is killed.
 */
export function handOver(script, args, onStarted) {
  const child = track(
    spawn(findNode24(), [...flags, join(root, script), ...args], {
      cwd: root,
      env: { NODE_COMPILE_CACHE: compiled, ...process.env, ERX_DATA_DIR: dataDir },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
    }),
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', onStarted);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)));
  });
}
