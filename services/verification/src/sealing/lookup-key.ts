import { createHmac } from 'node:crypto';
import { ImportedPerson } from '@erx/proto/verification/v1/verification_service';
import { contextOf } from './aead.ts';

/** Keyed hashes, 32 bytes: without the key nobody can try identity numbers against them. */
export type LookupKey = {
  /** By which registry finds a person; only registry keeps it. */
  identityHash(certType: string, certNo: string): Uint8Array;
  /** Of the recorded name of a person, however it was composed: compared instead of opening the name. */
  nameHash(personId: string, name: string): Uint8Array;
  /** Equal for equal clear content under the same data key, so that a repeated import is recognised although sealing is randomised. */
  contentHash(person: ImportedPerson, keyVersion: number): Uint8Array;
};

export function createLookupKey(key: Uint8Array): LookupKey {
  const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHmac('sha256', key).update(bytes).digest());
  return {
    identityHash: (certType, certNo) => hash(contextOf('erx.identity.v1', certType, certNo)),
    nameHash: (personId, name) => hash(contextOf('erx.name.v1', personId, name.normalize('NFC'))),
    contentHash(person, keyVersion) {
      // Of the first key it is what it was before there were others.
      const context = contextOf('erx.content.v1', ...(keyVersion === 1 ? [] : [String(keyVersion)]));
      return hash(Buffer.concat([context, ImportedPerson.encode(person).finish()]));
    },
  };
}
