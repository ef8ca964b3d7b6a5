import { createHash } from 'node:crypto';

/** Two contents with the same hash are the same content: a repeated import changes nothing. */
export function hashOf(payload: Uint8Array): Uint8Array {
  return createHash('sha256').update(payload).digest();
}
