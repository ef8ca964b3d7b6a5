import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { formatSignerKey, isInvalid, keyTypes, parseSignerKey, type SignerKey, signerKey } from '@erx/tlog';
import { writeDurably } from './memory.ts';

/** The key in this file; one of this name is made when there is none. */
export function ensureKey(file: string, name: string): SignerKey {
  if (!existsSync(file)) {
    writeDurably(file, `${formatSignerKey(signerKey(name, keyTypes.cosignature, randomBytes(32)))}\n`);
  }
  const key = parseSignerKey(readFileSync(file, 'utf8').trim());
  if (isInvalid(key)) throw new Error(`${file}: ${key.invalid}`);
  if (key.type !== keyTypes.cosignature) throw new Error(`${file}: not the key of a witness`);
  return key;
}
