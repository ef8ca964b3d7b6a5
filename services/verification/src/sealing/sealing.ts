import { randomBytes } from 'node:crypto';
import type { Database } from '@erx/postgres';
import { addPersonKeys, findPersonKeys } from '../store/person-keys.ts';
import { type Belonging, openBytes, sealBytes } from './sealed-bytes.ts';
import type { DataKey, WrapKey } from './wrap-key.ts';

/** Seals with the data keys of a few persons, for the length of one request. */
export type Sealer = { seal(belongs: Belonging, clear: Uint8Array): Uint8Array };

/** Opens with them. Throws when the bytes were sealed for something else or with a key that is gone. */
export type Opener = { open(belongs: Belonging, sealed: Uint8Array): Uint8Array };

export type Sealing = {
  sealerOf(personIds: readonly string[]): Promise<Sealer>;
  /** For `open-recorded.ts` alone: whatever is opened is on record. */
  openerOf(personIds: readonly string[]): Promise<Opener>;
  /** Gives every person that has no data key yet a random one; at the same instant everybody gets the same. */
  prepare(personIds: readonly string[]): Promise<Sealer>;
};

const FIRST = 1;

export function createSealing(database: Database, wrapKey: WrapKey): Sealing {
  async function keysOf(personIds: readonly string[]): Promise<Sealer & Opener> {
    const keys = new Map<string, DataKey[]>();
    for (const stored of await findPersonKeys(database, personIds)) {
      const dataKey = wrapKey.unwrap(stored);
      keys.set(dataKey.personId, [...(keys.get(dataKey.personId) ?? []), dataKey]);
    }
    return keyring(keys);
  }
  return {
    sealerOf: keysOf,
    openerOf: keysOf,
    async prepare(personIds) {
      const fresh = personIds.map((personId) =>
        wrapKey.wrap({ personId, version: FIRST, key: new Uint8Array(randomBytes(32)) }),
      );
      await addPersonKeys(database, fresh);
      return keysOf(personIds);
    },
  };
}

function keyring(keys: ReadonlyMap<string, readonly DataKey[]>): Sealer & Opener {
  return {
    seal(belongs, clear) {
      const newest = keys.get(belongs.personId)?.at(-1);
      if (newest === undefined) throw new Error('a person without data key');
      return sealBytes(newest, belongs, clear);
    },
    open: (belongs, sealed) => openBytes(keys.get(belongs.personId) ?? [], belongs, sealed),
  };
}
