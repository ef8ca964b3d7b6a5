import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeFlags } from '../node-flags.ts';

const script = join(import.meta.dirname, 'main.ts');

/**
 * Watches this process from outside: when it dies without a word, however it dies, what it ran is ended too. A shell
 * waits for that word, because a waiting Node would cost 40 MB. Disposing it says the word. Windows goes without.
 */
export function startGuard(dataDir: string): AsyncDisposable {
  if (process.platform === 'win32') return { async [Symbol.asyncDispose]() {} };
  const command = [process.execPath, ...nodeFlags, script, dataDir, String(process.pid)];
  const shell = spawn('/bin/sh', ['-c', 'read -r _ || exec "$@"', 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // out of reach of what ends the process group
  });
  const ended = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve());
    shell.once('error', () => resolve()); // no shell, no guard
  });
  shell.stdin?.on('error', () => {});
  shell.unref();
  return {
    [Symbol.asyncDispose]() {
      shell.ref();
      shell.stdin?.end('done\n');
      return ended;
    },
  };
}
