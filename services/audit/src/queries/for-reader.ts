import type { Entry } from '@erx/proto/audit/v1/audit_service';
import { type EventType, events } from '@erx/proto/topics';
import { maskFor } from '../domain/masking.ts';
import { schemaVersion } from '../domain/schema-version.ts';
import type { StoredEntry } from '../store/entry-row.ts';
import { saltedHash } from '../store/log-leaf.ts';

type Codec = { decode(bytes: Uint8Array): unknown; encode(message: unknown): { finish(): Uint8Array } };

/**
 * An entry as a role sees it. Where nothing is masked the value is the very bytes that were published, and the salt lets
 * their leaf in the log be made; else the event is written anew without the masked fields, and only the hash is told.
 */
export function forReader(role: string) {
  return ({ leaf, ...entry }: StoredEntry): Entry => {
    const nothing = new Uint8Array();
    const logged = leaf && { ...leaf, saltedHash: nothing };
    const plain = { masked: [], passedOver: undefined, end: 0n, checkpoint: undefined };
    const shown = { ...entry, ...plain, schemaVersion: schemaVersion(entry.type), logged };
    if (role === 'REGULATOR') return shown;
    const { codec } = events[entry.type as EventType] as unknown as { codec: Codec };
    const { payload, masked } = maskFor(role, codec.decode(entry.value));
    if (masked.length === 0) return shown;
    const hashed = leaf && { ...leaf, salt: nothing, saltedHash: saltedHash(leaf.salt, entry.value) };
    return { ...shown, value: codec.encode(payload).finish(), masked, logged: hashed };
  };
}
