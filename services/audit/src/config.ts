import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({ ...serviceSettings.properties, ...connections.registry, ...connections.verification });

export type AuditConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): AuditConfig {
  return loadConfig(settings, env);
}
