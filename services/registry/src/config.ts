import { loadConfig, type ServiceConfig, serviceSettings } from '@erx/config';

export type RegistryConfig = ServiceConfig;

export function readConfig(env: Record<string, string | undefined>): RegistryConfig {
  return loadConfig(serviceSettings, env);
}
