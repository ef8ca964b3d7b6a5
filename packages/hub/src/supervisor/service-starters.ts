import type { ServiceName } from '../services.ts';

type Settings = Record<string, string>;

/** Starts a service in this process, by its settings. */
export const serviceStarters: Record<ServiceName, (env: Settings) => Promise<AsyncDisposable>> = {
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
