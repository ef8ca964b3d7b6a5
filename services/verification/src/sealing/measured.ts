// For the bench: what sealing costs.
import { randomBytes, randomUUID } from 'node:crypto';
import { openPerson, sealPerson } from './person.ts';
import { openBytes, sealBytes } from './sealed-bytes.ts';
import { createWrapKey } from './wrap-key.ts';

/** Seals a person's name, identity and phone under the person's own key, wraps the key; unwraps it and opens all three. */
export function sealAndOpen(): { seal(): void; open(): void } {
  const hubKey = createWrapKey(randomBytes(32));
  const personId = randomUUID();
  const dataKey = { personId, version: 1, key: new Uint8Array(randomBytes(32)) };
  const person = { certType: '01', certNo: '42010219800101000X', name: '某某某', phone: '13800000000' };
  const seal = () => ({
    wrapped: hubKey.wrap(dataKey),
    sealed: sealPerson(
      { seal: (belongs, clear) => sealBytes(dataKey, belongs, clear), versionOf: () => 1 },
      personId,
      person,
    ),
  });
  const { wrapped, sealed } = seal();
  return {
    seal,
    open() {
      const key = hubKey.unwrap(wrapped);
      openPerson({ open: (belongs, bytes) => openBytes([key], belongs, bytes) }, sealed);
    },
  };
}
