import { rmSync } from 'node:fs';
import { serviceStarters } from '@erx/hub/service-starters';
import { type HubSettings, makeHubSettings, type ServiceName, serviceNames } from './hub-settings.ts';

export type HubInProcess = AsyncDisposable & {
  url: string;
  databases: Record<ServiceName, string>;
  brokers: string[];
  /** The hub key, this hub's own. */
  wrapKeyFile: string;
  /** Where each service answers the others, and the certificates for it. */
  addresses: Record<ServiceName, string>;
  tls: string;
  /** Stops one service as its process would, draining, and starts it again on the same port. */
  restart(name: ServiceName): Promise<void>;
};

/** Every service of the hub in this process, on real engines, with databases and topics of its own. */
export async function startHubInProcess(): Promise<HubInProcess> {
  const { of, folder, ...shown }: HubSettings = await makeHubSettings();
  const running = new Map<ServiceName, AsyncDisposable>();
  // All at once: services wait for what they need themselves.
  await Promise.all(serviceNames.map(async (name) => running.set(name, await serviceStarters[name](of(name)))));
  return {
    ...shown,
    async restart(name) {
      await running.get(name)?.[Symbol.asyncDispose]();
      running.set(name, await serviceStarters[name](of(name)));
    },
    async [Symbol.asyncDispose]() {
      for (const name of [...serviceNames].reverse()) await running.get(name)?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
