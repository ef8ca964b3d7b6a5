import { existsSync } from 'node:fs';
import { readKeyFile } from './key-file.ts';
import { createWrapKey, type DataKey, type WrapKey, type WrappedKey } from './wrap-key.ts';

/**
 * The hub keys: a file holds the one that wraps now, and beside it `<file>.<id>` holds those of before that rows may still
 * use. The files may be changed while the service runs (`npm run reseal`).
 */
export type HubKeys = {
  /** The key in the file at this instant. */
  current(): WrapKey;
  /** Throws when the hub key of the wrapping is nowhere. */
  unwrap(stored: WrappedKey): DataKey;
};

const SETTING = 'ERX_PERSON_WRAP_KEY_FILE';

export function openHubKeys(file: string): HubKeys {
  const known = new Map<string, WrapKey>();
  const read = (path: string): WrapKey => {
    const key = createWrapKey(readKeyFile(SETTING, path));
    known.set(key.id, key);
    return key;
  };
  const current = () => read(file);
  return {
    current,
    unwrap(stored) {
      const { wrapKeyId } = stored;
      if (!known.has(wrapKeyId)) current();
      const former = formerKeyFile(file, wrapKeyId);
      if (!known.has(wrapKeyId) && existsSync(former)) read(former);
      const key = known.get(wrapKeyId);
      if (key === undefined) throw new Error(`hub key ${wrapKeyId} is not here`);
      return key.unwrap(stored);
    },
  };
}

/** Where a hub key lies once another one wraps. */
export function formerKeyFile(file: string, id: string): string {
  return `${file}.${id}`;
}
