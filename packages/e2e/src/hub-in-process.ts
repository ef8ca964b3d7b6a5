import { rmSync } from 'node:fs';
import { type HubSettings, makeHubSettings, type ServiceName, type Settings, serviceNames } from './hub-settings.ts';

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
  await Promise.all(serviceNames.map(async (name) => running.set(name, await starters[name](of(name)))));
  return {
    ...shown,
    async restart(name) {
      await running.get(name)?.[Symbol.asyncDispose]();
      running.set(name, await starters[name](of(name)));
    },
    async [Symbol.asyncDispose]() {
      for (const name of [...serviceNames].reverse()) await running.get(name)?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const starters: Record<ServiceName, (env: Settings) => Promise<AsyncDisposable>> = {
  registry: async (env) =>
    (await import('@erx/registry')).startRegistry((await import('@erx/registry/config')).readConfig(env)),
  verification: async (env) =>
    (await import('@erx/verification')).startVerification((await import('@erx/verification/config')).readConfig(env)),
  issuing: async (env) =>
    (await import('@erx/issuing')).startIssuing((await import('@erx/issuing/config')).readConfig(env)),
  traceability: async (env) =>
    (await import('@erx/traceability')).startTraceability((await import('@erx/traceability/config')).readConfig(env)),
  settlement: async (env) =>
    (await import('@erx/settlement')).startSettlement((await import('@erx/settlement/config')).readConfig(env)),
  dispensing: async (env) =>
    (await import('@erx/dispensing')).startDispensing((await import('@erx/dispensing/config')).readConfig(env)),
  audit: async (env) => (await import('@erx/audit')).startAudit((await import('@erx/audit/config')).readConfig(env)),
  gateway: async (env) =>
    (await import('@erx/gateway')).startGateway((await import('@erx/gateway/config')).readConfig(env)),
};
