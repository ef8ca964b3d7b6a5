import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatVerifierKey, isInvalid, keyTypes, parseSignerKey, verifierKey } from '@erx/tlog';

export const logKeyFile = (secrets: string): string => join(secrets, 'log.keys');

/** Where the last signed checkpoint of the log is kept: beside the secrets, outside the database and its backups. */
export const logDirBeside = (secrets: string): string => join(dirname(secrets), 'audit-log');

/** The public key of the log as readers want it: the first signing key, under the name of the log that is open. */
export function readVerifierKey(secrets: string): string | undefined {
  if (!existsSync(logKeyFile(secrets))) return undefined;
  const key = parseSignerKey(readFileSync(logKeyFile(secrets), 'utf8').split('\n', 1)[0] ?? '');
  if (isInvalid(key)) return undefined;
  const checkpoint = join(logDirBeside(secrets), 'checkpoint');
  const origin = existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8').split('\n', 1)[0] : undefined;
  return formatVerifierKey(verifierKey(origin || key.name, keyTypes.signature, key.publicKey));
}
