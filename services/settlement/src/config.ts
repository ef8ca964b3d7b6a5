import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ERX_QUOTE_KEY_FILE: Type.String({ description: '32 random bytes that authenticate quote tokens' }),
});

export type SettlementConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): SettlementConfig {
  return loadConfig(settings, env);
}
