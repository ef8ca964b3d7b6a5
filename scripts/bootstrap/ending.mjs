// How a command is asked to end: by a signal, which is passed on once to what runs, or because npm is gone.
import { spawnSync } from 'node:child_process';

const SAME_KEYSTROKE_MS = 500;
const running = new Map();
let asked = 0;

/** A child that is told when this process is asked to end: by the same signal, or by the given one. */
export function track(child, by) {
  running.set(child, by);
  child.once('exit', () => running.delete(child));
  return child;
}

export const isEnding = () => asked > 0;

export function listenForTheEnd() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
  if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') followNpm();
}

// The terminal and npm both pass on one Ctrl-C.
function end(signal) {
  if (Date.now() - asked < SAME_KEYSTROKE_MS) return;
  asked = Date.now();
  if (running.size === 0) process.exit(130);
  for (const [child, by] of running) child.kill(by ?? signal);
}

// npm passes a signal to the shell that it started this process by, and the shell dies without passing it on; a killed
// npm passes nothing on at all.
function followNpm() {
  const shell = process.ppid;
  const above = parentAndArguments(shell);
  const npm = above?.args.includes('erx.mjs') ? above.parent : shell; // some shells become the command that they start
  const watch = setInterval(() => {
    if (process.ppid === shell && isAlive(npm)) return;
    clearInterval(watch);
    end('SIGTERM');
  }, 500);
  watch.unref();
}

function parentAndArguments(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' });
  const found = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '');
  return found === null ? undefined : { parent: Number(found[1]), args: found[2] };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
