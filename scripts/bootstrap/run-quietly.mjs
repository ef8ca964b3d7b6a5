import { spawn } from 'node:child_process';
import { isEnding, track } from './ending.mjs';

/** Runs a tool with one line of progress instead of its output, which is given back. */
export function runQuietly(title, command, args, options = {}) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.log(`${title} …`);
  const timer = setInterval(() => console.log(`  still ${title} (${seconds()})`), 15_000);
  return new Promise((resolve, reject) => {
    const child = track(
      spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' }),
      'SIGKILL', // what it leaves half-done is thrown away by the next command, and npm can be deaf to the others
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (isEnding()) process.exit(130);
      if (code === 0) console.log(`  done in ${seconds()}`);
      resolve({ code, output });
    });
  }).finally(() => clearInterval(timer));
}
