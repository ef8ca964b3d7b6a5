import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { nodeFlags } from '../node-flags.ts';
import { hubFilePath, root } from '../paths.ts';
import { writeAtomically } from '../write-atomically.ts';
import type { Context } from './context.ts';

/** Makes the sandbox's institutions, people, keys and stock in this hub, once per data folder. */
export async function ensureWorld({ dataDir, progress, signal }: Context): Promise<void> {
  const note = join(dataDir, 'sandbox', 'world-is-made');
  if (existsSync(note)) return;
  progress('making the sandbox world');
  const code = await runSandbox(['world', '--hub', hubFilePath(dataDir)], signal);
  signal.throwIfAborted();
  if (code !== 0) throw new Failure('The sandbox world could not be made; the reason stands above.');
  mkdirSync(dirname(note), { recursive: true });
  writeAtomically(note, `${new Date().toISOString()}\n`);
  progress('the sandbox world is there');
}

/**
 * Runs the sandbox as the outside program that it is; gives its exit code. `onMessage`: told what it says meanwhile.
 * `output`: a file that takes its lines instead of the terminal.
 */
export function runSandbox<M>(
  args: string[],
  signal: AbortSignal,
  onMessage: (message: M) => void = () => {},
  output: number | 'inherit' = 'inherit',
): Promise<number> {
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'packages', 'sandbox', 'src', 'main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', output, output, 'ipc'], // by the channel it learns that this process is gone
  });
  child.on('message', (message) => onMessage(message as M));
  const end = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', end);
      resolve(code ?? 1);
    });
  });
}
