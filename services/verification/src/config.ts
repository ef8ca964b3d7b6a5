import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ...connections.issuing,
  ERX_PERSON_WRAP_KEY_FILE: Type.String({ description: '32 random bytes that wrap the data key of every person' }),
  ERX_ERASURES_FILE: Type.String({ description: 'list of lawful deletions, kept outside the database' }),
  ERX_PERSON_LOOKUP_KEY_FILE: Type.String({
    description: '32 random bytes for keyed hashes of identities and imports',
  }),
});

export type VerificationConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): VerificationConfig {
  return loadConfig(settings, env);
}
