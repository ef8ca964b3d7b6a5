import { randomBytes } from 'node:crypto';
import { type Database, inTransaction } from '@erx/postgres';
import { addPersonKeys, findPersonKeys, keepHubKey, lastVersions } from '../store/person-keys.ts';
import type { HubKeys } from './hub-keys.ts';
import { type Belonging, keyVersionOf, openBytes, sealBytes } from './sealed-bytes.ts';
import type { DataKey } from './wrap-key.ts';

/** Seals with the data keys of a few persons, for the length of one request. */
export type Sealer = {
  seal(belongs: Belonging, clear: Uint8Array): Uint8Array;
  /** The version of the person's living key; undefined when there is none: never seen, or erased. */
  versionOf(personId: string): number | undefined;
};

/** Opens with them: undefined when the key was destroyed by law. Throws when the bytes were sealed for something else. */
export type Opener = { open(belongs: Belonging, sealed: Uint8Array): Uint8Array | undefined };

export type Sealing = {
  sealerOf(personIds: readonly string[]): Promise<Sealer>;
  /** For `open-recorded.ts` alone: whatever is opened is on record. */
  openerOf(personIds: readonly string[]): Promise<Opener>;
  /** Gives every person that has no data key a random one; at the same instant everybody gets the same. */
  prepare(personIds: readonly string[]): Promise<Sealer>;
};

export function createSealing(database: Database, hubKeys: HubKeys): Sealing {
  async function keysOf(personIds: readonly string[]): Promise<Sealer & Opener> {
    const keys = new Map<string, DataKey[]>();
    const destroyed = new Set<string>();
    for (const { wrapped, ...stored } of await findPersonKeys(database, personIds)) {
      const { personId, version } = stored;
      if (wrapped === null) destroyed.add(`${personId}/${version}`);
      else keys.set(personId, [...(keys.get(personId) ?? []), hubKeys.unwrap({ ...stored, wrapped })]);
    }
    return keyring(keys, destroyed);
  }
  return {
    sealerOf: keysOf,
    openerOf: keysOf,
    async prepare(personIds) {
      await inTransaction(database, async (tx) => {
        await keepHubKey(tx);
        const hubKey = hubKeys.current();
        const last = await lastVersions(tx, personIds);
        const without = [...new Set(personIds)].filter((personId) => !last.get(personId)?.living);
        const fresh = without.map((personId) => {
          const version = (last.get(personId)?.version ?? 0) + 1;
          return hubKey.wrap({ personId, version, key: new Uint8Array(randomBytes(32)) });
        });
        await addPersonKeys(tx, fresh);
      });
      return keysOf(personIds);
    },
  };
}

/** `destroyed`: person/version of keys that are no more. */
function keyring(keys: ReadonlyMap<string, readonly DataKey[]>, destroyed: ReadonlySet<string>): Sealer & Opener {
  return {
    seal(belongs, clear) {
      const newest = keys.get(belongs.personId)?.at(-1);
      if (newest === undefined) throw new Error('a person without data key');
      return sealBytes(newest, belongs, clear);
    },
    versionOf: (personId) => keys.get(personId)?.at(-1)?.version,
    open(belongs, sealed) {
      const { personId } = belongs;
      if (destroyed.has(`${personId}/${keyVersionOf(sealed)}`)) return undefined;
      return openBytes(keys.get(personId) ?? [], belongs, sealed);
    },
  };
}
