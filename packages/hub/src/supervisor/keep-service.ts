import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { serviceMark } from '../engines/leftovers.ts';
import { nodeFlags } from '../node-flags.ts';
import { logPath, root } from '../paths.ts';
import { type Kept, keepAlive } from '../process/keep-alive.ts';
import type { ServiceName } from '../services.ts';

// Without bounds V8 lets garbage grow to several times what is alive, and eight processes with four helper threads each
// wake one another on few cores: collecting on the thread that made the garbage costs a fifth less (docs/performance.md).
const memoryFlags = ['--max-semi-space-size=8', '--no-parallel-scavenge', '--v8-pool-size=1'];
/** MB; a service under load holds less than a fifth of that. */
const MOST_OF_ONE = 256;

type Options = { dataDir: string; env: Record<string, string>; onChange(): void };

/** Runs a service as its own process; it drains when it is told to, or when this process is gone. */
export function keepService(name: ServiceName, options: Options): Kept {
  return keep(join(root, 'services', name, 'src', 'main.ts'), name, MOST_OF_ONE, options);
}

/** Runs all of them as one process, by the settings of each. */
export function keepTogether(
  env: Record<ServiceName, Record<string, string>>,
  { dataDir, onChange }: Omit<Options, 'env'>,
): Kept {
  const main = join(import.meta.dirname, 'all-services.ts');
  const most = MOST_OF_ONE * Object.keys(env).length;
  return keep(main, 'gateway', most, { dataDir, env: { ERX_SERVICES: JSON.stringify(env) }, onChange });
}

function keep(main: string, log: ServiceName, mostMemory: number, { dataDir, env, onChange }: Options): Kept {
  const { ERX_POSTGRES_URL: _administrator, ...inherited } = process.env;
  return keepAlive({
    start() {
      const output = openSync(logPath(dataDir, log), 'a', 0o600);
      try {
        return fork(main, [serviceMark(dataDir)], {
          cwd: root,
          env: { ...inherited, ...env },
          execArgv: [...nodeFlags, ...memoryFlags, `--max-old-space-size=${mostMemory}`],
          stdio: ['ignore', output, output, 'ipc'],
        });
      } finally {
        closeSync(output);
      }
    },
    ready: untilReady,
    onChange,
  });
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message: { type?: string } | null) => message?.type === 'ready' && resolve());
  });
}
