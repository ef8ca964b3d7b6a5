import type { Call } from '@erx/rpc';
import type { LookupKey } from '../sealing/lookup-key.ts';
import { type FoundPerson, findPerson, type RegistryClient } from './registry.ts';

type Identity = { certType: string; certNo: string };

export type People = {
  /** The person that registry knows now. Throws UnavailableError when it does not answer. */
  find(identity: Identity, call: Call): Promise<FoundPerson | undefined>;
  /** The same, but a person found a while ago counts: what is under way goes on while registry is away. */
  recall(identity: Identity, call: Call): Promise<FoundPerson | undefined>;
};

const REMEMBERED = 20_000;

/** Persons by their identity. Remembers, in memory only, the last ones by keyed hash, with sealed fields. */
export function createPeople(registry: RegistryClient, lookupKey: LookupKey): People {
  // A Map iterates in order of insertion: the first entry is the one found longest ago.
  const recent = new Map<string, FoundPerson>();

  async function find({ certType, certNo }: Identity, call: Call): Promise<FoundPerson | undefined> {
    const hash = lookupKey.identityHash(certType, certNo);
    const person = await findPerson(registry, hash, call);
    remember(Buffer.from(hash).toString('base64'), person);
    return person;
  }

  function remember(key: string, person: FoundPerson | undefined): void {
    recent.delete(key);
    if (person !== undefined) recent.set(key, person);
    const [oldest] = recent.keys();
    if (recent.size > REMEMBERED && oldest !== undefined) recent.delete(oldest);
  }

  return {
    find,
    async recall(identity, call) {
      const hash = lookupKey.identityHash(identity.certType, identity.certNo);
      return recent.get(Buffer.from(hash).toString('base64')) ?? find(identity, call);
    },
  };
}
