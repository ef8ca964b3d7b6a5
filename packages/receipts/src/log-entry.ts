import { sha256 } from '@noble/hashes/sha2.js';

const LENGTH_DELIMITED = 2;
const encoder = new TextEncoder();

/**
 * The bytes of an `erx.audit.v1.LogEntry` for an event: id, type, and the SHA-256 of salt and exact bytes. Written by hand,
 * so that a verifier needs no protobuf library: three length-delimited fields, in order.
 */
export function logEntryOf(event: { id: string; type: string; value: Uint8Array; salt: Uint8Array }): Uint8Array {
  const saltedHash = sha256(joined([event.salt, event.value]));
  return joined([
    ...field(1, encoder.encode(event.id)),
    ...field(2, encoder.encode(event.type)),
    ...field(3, saltedHash),
  ]);
}

function field(number: number, content: Uint8Array): Uint8Array[] {
  // proto3 leaves out what is empty.
  if (content.length === 0) return [];
  return [Uint8Array.from([(number << 3) | LENGTH_DELIMITED, ...varint(content.length)]), content];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
