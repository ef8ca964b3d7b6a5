import { spawn } from 'node:child_process';

/** Runs a tool with one line of progress instead of its output, which is given back. */
export function runQuietly(title, command, args, options = {}) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.log(`${title} …`);
  const timer = setInterval(() => console.log(`  still ${title} (${seconds()})`), 15_000);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code === 0) console.log(`  done in ${seconds()}`);
      resolve({ code, output });
    });
  }).finally(() => clearInterval(timer));
}
