import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ...connections.verification,
  ERX_LOG_KEY_FILE: Type.String({
    description: 'keys that sign the log, PRIVATE+KEY+name+id+key, one a line: all sign, the first names the log',
  }),
  ERX_LOG_DIR: Type.String({ description: 'folder outside the database: the last signed checkpoint is kept there' }),
  ERX_LOG_WITNESSES_FILE: Type.Optional(
    Type.String({ description: 'who cosigns the log, `witness <name> <verifier key> <address>`, one a line' }),
  ),
  ERX_WEBHOOK_KEY_FILE: Type.String({
    description: '32 random bytes: the secrets that sign messages to subscribers are derived from it',
  }),
  ERX_WEBHOOK_PRIVATE_NETWORKS: Type.Boolean({
    default: false,
    description: 'true: subscribers may have addresses in private networks and on this machine',
  }),
});

export type AuditConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): AuditConfig {
  return loadConfig(settings, env);
}
