import { createHash } from 'node:crypto';
import { contextOf, decrypt, encrypt } from './aead.ts';

/** The data key of one person. */
export type DataKey = { personId: string; version: number; key: Uint8Array };
/** As it is stored. */
export type WrappedKey = { personId: string; version: number; wrapKeyId: string; wrapped: Uint8Array };

/** A hub key: the only thing that opens the data keys that it wrapped. */
export type WrapKey = { id: string; wrap(dataKey: DataKey): WrappedKey; unwrap(wrapped: WrappedKey): DataKey };

export function createWrapKey(key: Uint8Array): WrapKey {
  // A name, not a secret: sixteen hex digits of a hash tell nothing about 32 random bytes.
  const id = createHash('sha256').update('erx.wrap-key-id.v1').update(key).digest('hex').slice(0, 16);
  const context = ({ personId, version }: Pick<DataKey, 'personId' | 'version'>) =>
    contextOf('erx.person-key.v1', personId, String(version));
  return {
    id,
    wrap: (dataKey) => ({
      personId: dataKey.personId,
      version: dataKey.version,
      wrapKeyId: id,
      wrapped: encrypt(key, context(dataKey), dataKey.key),
    }),
    unwrap(stored) {
      if (stored.wrapKeyId !== id) throw new Error(`a data key is wrapped by another hub key`);
      const { personId, version, wrapped } = stored;
      return { personId, version, key: decrypt(key, context(stored), wrapped) };
    },
  };
}
