import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey } from '@erx/tlog';
import { ensureKey } from '@erx/witness';
import { nodeFlags } from '../node-flags.ts';
import { logPath, root } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { keepAlive } from '../process/keep-alive.ts';
import { writeAtomically } from '../write-atomically.ts';

export type NamedWitness = { name: string; verifierKey: string; url: string };

export type SandboxWitnesses = AsyncDisposable & {
  /** ERX_LOG_WITNESSES_FILE */
  file: string;
  witnesses: NamedWitness[];
  /** As one would tell them of another key, or of the log that follows one that has ended. */
  watch(verifierKey: string): void;
};

const NAMES = ['regulator.localhost', 'insurer.localhost'];

type Options = {
  dataDir: string;
  /** Public key of the log that they watch. */
  verifierKey: string;
};

/**
 * The witnesses that a regulator and an insurer would run, as one process beside the hub; none where the person named
 * others, or where this is no sandbox. Nobody waits for it. What they remember is in no backup: it must never go back.
 */
export async function keepSandboxWitnesses({ dataDir, verifierKey }: Options): Promise<SandboxWitnesses | undefined> {
  if (process.env['ERX_SANDBOX'] === 'false' || process.env['ERX_LOG_WITNESSES_FILE']) return undefined;
  const dir = join(dataDir, 'witnesses');
  const { witness: port } = await choosePorts(dataDir, ['witness']);
  const listen = `127.0.0.1:${port}`;
  const witnesses = NAMES.map((name) => ({
    name,
    verifierKey: formatVerifierKey(ensureKey(join(dir, name, 'witness.key'), name)),
    url: `http://${listen}/${name}`,
  }));
  const file = join(dir, 'witnesses');
  writeAtomically(file, witnesses.map((each) => `witness ${each.name} ${each.verifierKey} ${each.url}\n`).join(''));
  const names = NAMES.flatMap((name) => ['--name', name]);
  const logs = new Set([verifierKey]);
  const kept = keepAlive({
    start: () => {
      const watched = [...logs].flatMap((key) => ['--log', key]);
      return start(dataDir, ['--listen', listen, '--dir', dir, ...watched, ...names]);
    },
    ready: untilReady,
    onChange: () => {},
  });
  return {
    file,
    witnesses,
    watch(key) {
      if (logs.has(key)) return;
      logs.add(key);
      // It comes back with all of them.
      if (kept.pid !== undefined) process.kill(kept.pid, 'SIGTERM');
    },
    [Symbol.asyncDispose]: () => kept.stop('SIGTERM', 2_000),
  };
}

function start(dataDir: string, args: string[]): ChildProcess {
  const log = openSync(logPath(dataDir, 'witnesses'), 'a', 0o600);
  try {
    return fork(join(root, 'packages', 'witness', 'src', 'main.ts'), args, {
      cwd: root,
      execArgv: [...nodeFlags, '--max-old-space-size=64'],
      stdio: ['ignore', log, log, 'ipc'],
    });
  } finally {
    closeSync(log);
  }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message: { type?: string } | null) => message?.type === 'ready' && resolve());
  });
}
