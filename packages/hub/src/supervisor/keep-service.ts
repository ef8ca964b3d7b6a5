import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { serviceMark } from '../engines/leftovers.ts';
import { nodeFlags } from '../node-flags.ts';
import { logPath, root } from '../paths.ts';
import { type Kept, keepAlive } from '../process/keep-alive.ts';
import type { ServiceName } from '../services.ts';

// A service under load holds less than a fifth of that; without bounds V8 lets garbage grow to several times what is alive.
const memoryFlags = ['--max-old-space-size=256', '--max-semi-space-size=4'];

type Options = { dataDir: string; env: Record<string, string>; onChange(): void };

/** Runs a service as its own process; it drains when it is told to, or when this process is gone. */
export function keepService(name: ServiceName, { dataDir, env, onChange }: Options): Kept {
  const { ERX_POSTGRES_URL: _administrator, ...inherited } = process.env;
  return keepAlive({
    start() {
      const log = openSync(logPath(dataDir, name), 'a', 0o600);
      try {
        return fork(join(root, 'services', name, 'src', 'main.ts'), [serviceMark(dataDir)], {
          cwd: root,
          env: { ...inherited, ...env },
          execArgv: [...nodeFlags, ...memoryFlags],
          stdio: ['ignore', log, log, 'ipc'],
        });
      } finally {
        closeSync(log);
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
