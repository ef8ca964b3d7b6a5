import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ...connections.verification,
  ...connections.traceability,
  ...connections.settlement,
  ERX_QR_KEY_FILE: Type.String({ description: 'key of the MAC in prescription QR codes, shared with issuing' }),
});

export type DispensingConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): DispensingConfig {
  return loadConfig(settings, env);
}
