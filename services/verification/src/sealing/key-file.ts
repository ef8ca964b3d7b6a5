import { readFileSync } from 'node:fs';
import { ConfigError } from '@erx/config';

/** A secret of 32 random bytes. Throws ConfigError, naming the setting, when the file is no such key. */
export function readKeyFile(setting: string, path: string): Uint8Array {
  let key: Uint8Array;
  try {
    key = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new ConfigError(`${setting}: cannot read the key file (${(error as NodeJS.ErrnoException).code})`);
  }
  if (key.length !== 32) throw new ConfigError(`${setting}: a key file holds exactly 32 bytes`);
  return key;
}
