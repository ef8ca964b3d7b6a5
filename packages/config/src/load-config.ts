import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';

/** The environment does not fit the schema; the message lists every problem, never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads typed settings from the environment. Only names of the schema are read; texts are converted to the type
 * asked for. All problems are reported at once.
 */
export function loadConfig<T extends TObject>(schema: T, env: Record<string, string | undefined>): Readonly<Static<T>> {
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.properties)) {
    const value = env[name];
    if (value !== undefined && value !== '') raw[name] = value;
  }
  const converted = Value.Convert(schema, Value.Default(schema, raw));
  const problems = [...Value.Errors(schema, converted)];
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  ${problem.instancePath || '/'} ${problem.message}`);
    throw new ConfigError(`settings are not usable:\n${lines.join('\n')}`);
  }
  return Object.freeze(converted as Static<T>);
}
