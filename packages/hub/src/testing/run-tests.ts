import { spawn } from 'node:child_process';
import { nodeFlags } from '../node-flags.ts';
import { root } from '../paths.ts';
import { resultsFlag } from './result-files.ts';

type Options = { files: string[]; results: string; flags: string[]; env?: Record<string, string>; signal: AbortSignal };

const reporter = import.meta.resolve('./results-reporter.ts');

/** Runs test files with the readable report on the terminal and the results as JSON lines in a file. */
export function runTests({ files, results, flags, env = {}, signal }: Options): Promise<boolean> {
  if (files.length === 0) return Promise.resolve(true);
  const reporters = [
    ['--test-reporter=spec', '--test-reporter-destination=stdout'],
    [`--test-reporter=${reporter}`, resultsFlag(results)],
  ].flat();
  const child = spawn(process.execPath, ['--test', ...flags, ...reporters, ...files], {
    cwd: root,
    env: { ...process.env, ...env, NODE_OPTIONS: nodeFlags.join(' ') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const end = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref(); // a test that never yields hears nothing else
  };
  signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', end);
      resolve(code === 0);
    });
  });
}
