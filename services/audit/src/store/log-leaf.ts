import { hash, randomBytes } from 'node:crypto';
import { LogEntry } from '@erx/proto/audit/v1/audit_log';

const SALT_BYTES = 32;

/** What the log holds of an event, and the salt that belongs to it. */
export type Leaf = { entry: Uint8Array; salt: Uint8Array };

export function saltedHash(salt: Uint8Array, value: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([salt, value]), 'buffer');
}

/** The exact bytes of an event's entry: they show nothing of it without the salt. */
export function entryOf(event: { id: string; type: string; value: Uint8Array }, salt: Uint8Array): Uint8Array {
  return LogEntry.encode({ eventId: event.id, type: event.type, saltedHash: saltedHash(salt, event.value) }).finish();
}

/** Entries with fresh salts. */
export function makeLeaves(events: readonly { id: string; type: string; value: Uint8Array }[]): Leaf[] {
  const salts = randomBytes(events.length * SALT_BYTES);
  return events.map((event, n) => {
    const salt = salts.subarray(n * SALT_BYTES, (n + 1) * SALT_BYTES);
    return { entry: entryOf(event, salt), salt };
  });
}
