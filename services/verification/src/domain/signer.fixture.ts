import { generateKeyPair, sign } from '@erx/gm';
import type { Institution, Practitioner, PublicKey } from '@erx/proto/registry/v1/registry_events';
import { seededRandom } from '@erx/testkit';

/** Somebody with a key on record, who signs. */
export type Signer = { key: PublicKey; sign(bytes: Uint8Array): string; signed(content: unknown): SignedBytes };
export type SignedBytes = { bytes: Uint8Array; signature: string };

export const since = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };

export function signerOf(seed: string, valid: PublicKey['valid'] = since): Signer {
  const { privateKey, publicKey } = generateKeyPair(seededRandom(seed));
  return {
    key: { keyId: `key-of-${seed}`, publicKey, valid },
    sign: (bytes) => sign(privateKey, bytes),
    signed(content) {
      const bytes = new Uint8Array(Buffer.from(JSON.stringify(content)));
      return { bytes, signature: sign(privateKey, bytes) };
    },
  };
}

export function practitioner(change: Partial<Practitioner>): Practitioner {
  return {
    practitionerId: '',
    kind: '',
    name: '样例',
    institutionId: '',
    title: '',
    specialty: '',
    licensed: [since],
    insuredPhysician: [],
    filings: [],
    keys: [],
    ...change,
  };
}

export function institution(change: Partial<Institution>): Institution {
  return {
    institutionId: '',
    kind: '',
    name: '样例',
    division: '420106',
    poolingRegion: '420100',
    level: 0,
    insuranceDesignated: [since],
    designations: [],
    connection: 'CONNECTED',
    coldChain: false,
    diseases: [],
    keys: [],
    ...change,
  };
}
