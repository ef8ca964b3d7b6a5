import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { dataDir, findNode24, root } from './paths.mjs';

const flags = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
const SAME_KEYSTROKE_MS = 500;

/**
 * Runs a script on Node 24 and gives its exit code. The child leads a process group of its own, so that a Ctrl-C
 * reaches it once and through here only, and it learns by the channel when this process is killed.
 */
export function handOver(script, args, onStarted) {
  const child = spawn(findNode24(), [...flags, join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ERX_DATA_DIR: dataDir },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
  forwardSignals(child);
  followNpm(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', onStarted);
    child.once('exit', (code, signal) => {
      process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM').removeAllListeners('SIGHUP');
      resolve(code ?? 128 + (constants.signals[signal] ?? 1));
    });
  });
}

// The terminal and npm both pass on one Ctrl-C.
function forwardSignals(child) {
  let last = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (Date.now() - last < SAME_KEYSTROKE_MS) return;
      last = Date.now();
      child.kill(signal);
    });
  }
}

// npm passes a signal to the shell that it started this process by, and the shell dies without passing it on.
function followNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}
