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
  ERX_LOG_WITNESS_FILE: Type.Optional(
    Type.String({ description: 'lines `witness <name> <verifier key> <address>` (C2SP tlog-policy): they cosign' }),
  ),
});

export type AuditConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): AuditConfig {
  return loadConfig(settings, env);
}
