import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type HubSettings, makeHubSettings, type ServiceName, type Settings, serviceNames } from './hub-settings.ts';

export type HubInProcesses = Omit<HubSettings, 'of'> & {
  /** Asks a service to drain and leave; gives its exit code. */
  stop(name: ServiceName): Promise<number | null>;
} & AsyncDisposable;

/** Every service as a process of its own, as in production; `more` is added to the environment of each. */
export async function startHubInProcesses(more: (name: ServiceName) => Settings): Promise<HubInProcesses> {
  const { of, ...settings } = await makeHubSettings();
  const running = new Map<ServiceName, ChildProcess>();
  const stop = async (name: ServiceName): Promise<number | null> => {
    const child = running.get(name);
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    return child.exitCode;
  };
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(settings.folder, { recursive: true, force: true }));
  for (const name of serviceNames) {
    const main = new URL(`../../../services/${name}/src/main.ts`, import.meta.url);
    const child = fork(main, {
      env: { PATH: process.env['PATH'], ...of(name), ERX_INTERNAL_LISTEN: settings.internal[name], ...more(name) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    running.set(name, child);
    stack.defer(async () => void (await stop(name)));
  }
  await Promise.all([...running].map(([name, child]) => untilReady(name, child)));
  const owned = stack.move();
  return { ...settings, stop, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function untilReady(name: ServiceName, child: ChildProcess): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: { type?: string }) => message.type === 'ready' && resolve());
  });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`)));
  ended.catch(() => {});
  await Promise.race([ready, ended]);
}
