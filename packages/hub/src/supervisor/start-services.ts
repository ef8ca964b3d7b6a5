import { setTimeout as sleep } from 'node:timers/promises';
import type { Engines } from '../engines/engines.ts';
import { Failure } from '../failure.ts';
import { logPath } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import type { Kept } from '../process/keep-alive.ts';
import { perService, type ServiceName, serviceNames } from '../services.ts';
import { keepService, keepTogether } from './keep-service.ts';
import { serviceEnvironment } from './service-environment.ts';

export type Services = AsyncDisposable & {
  grpc: Record<ServiceName, string>;
  /** Where each shows health and metrics. */
  internal: Record<ServiceName, string>;
  kept: Record<ServiceName, Kept>;
  processes(): Partial<Record<ServiceName, number>>;
  /** Resolves when every service serves. */
  untilReady(signal: AbortSignal): Promise<void>;
};

type Options = {
  dataDir: string;
  engines: Engines;
  http: string;
  witnesses: string | undefined;
  /** All in one process. */
  together: boolean;
  onChange(): void;
};

const READY_MS = 120_000;
/** As long as a service allows itself. */
const DRAIN_MS = 10_000;

const internalPort = <N extends ServiceName>(name: N): `${N}-internal` => `${name}-internal`;

/** Starts every service as its own process, all at once: they wait themselves for what they need. */
export async function startServices(options: Options): Promise<Services> {
  const { dataDir, engines, http, witnesses, together, onChange } = options;
  const ports = await choosePorts(dataDir, [...serviceNames, ...serviceNames.map(internalPort)]);
  const grpc = perService((name) => `127.0.0.1:${ports[name]}`);
  const internal = perService((name) => `127.0.0.1:${ports[internalPort(name)]}`);
  const address = (name: ServiceName): string => grpc[name];
  const around = {
    ...engines,
    listen: address,
    internal: (name: ServiceName) => internal[name],
    address,
    http,
    witnesses,
  };
  const env = perService((name) => serviceEnvironment(name, around));
  const one = together ? keepTogether(env, { dataDir, onChange }) : undefined;
  const kept = perService((name) => one ?? keepService(name, { dataDir, env: env[name], onChange }));

  return {
    grpc,
    internal,
    kept,
    processes() {
      const ids: Partial<Record<ServiceName, number>> = {};
      for (const name of serviceNames) {
        const pid = kept[name].pid;
        if (pid !== undefined && !Object.values(ids).includes(pid)) ids[name] = pid;
      }
      return ids;
    },
    async untilReady(signal) {
      const waiting = new Set(serviceNames);
      const all = Promise.all(serviceNames.map((name) => kept[name].ready.then(() => waiting.delete(name))));
      const done = new AbortController();
      const late = sleep(READY_MS, 'late', { signal: AbortSignal.any([done.signal, signal]) });
      late.catch(() => {});
      const outcome = await Promise.race([all, late]);
      done.abort();
      if (outcome !== 'late') return;
      const [first = 'gateway'] = waiting;
      throw new Failure(
        `Not ready after ${READY_MS / 1000} s: ${[...waiting].join(', ')}. See ${logPath(dataDir, first)}`,
      );
    },
    // The door first, so that nothing new comes in while the others finish what they have.
    async [Symbol.asyncDispose]() {
      await kept.gateway.stop('SIGTERM', DRAIN_MS);
      await Promise.all(serviceNames.map((name) => kept[name].stop('SIGTERM', DRAIN_MS)));
    },
  };
}
