import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ...connections.verification,
  ...connections.dispensing,
  ERX_QR_KEY_FILE: Type.String({ description: '32 random bytes that authenticate QR texts; dispensing has the same' }),
});

export type IssuingConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): IssuingConfig {
  return loadConfig(settings, env);
}
