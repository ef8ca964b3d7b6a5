import type { Entry } from '@erx/proto/audit/v1/audit_service';
import { type EventType, events } from '@erx/proto/topics';
import { maskFor } from '../domain/masking.ts';
import { schemaVersion } from '../domain/schema-version.ts';
import type { StoredEntry } from '../store/entry-store.ts';

type Codec = { decode(bytes: Uint8Array): unknown; encode(message: unknown): { finish(): Uint8Array } };

/**
 * An entry as a role sees it. Where nothing is masked the value is the very bytes that were published; else the event is
 * written anew without the masked fields.
 */
export function forReader(role: string) {
  return (entry: StoredEntry): Entry => {
    const shown = { ...entry, schemaVersion: schemaVersion(entry.type), masked: [], passedOver: undefined, end: 0n };
    if (role === 'REGULATOR') return shown;
    const { codec } = events[entry.type as EventType] as unknown as { codec: Codec };
    const { payload, masked } = maskFor(role, codec.decode(entry.value));
    return masked.length === 0 ? shown : { ...shown, value: codec.encode(payload).finish(), masked };
  };
}
