import { sha256 } from '@noble/hashes/sha2.js';

const LENGTH_DELIMITED = 2;
const encoder = new TextEncoder();

type Named = { id: string; type: string };

/**
 * The bytes of an `erx.audit.v1.LogEntry` for an event: id, type, and the SHA-256 of salt and exact bytes. Written by hand,
 * so that a verifier needs no protobuf library: three length-delimited fields, in order.
 */
export function logEntryOf({ id, type, value, salt }: Named & { value: Uint8Array; salt: Uint8Array }): Uint8Array {
  return hashedEntryOf({ id, type, saltedHash: sha256(joined([salt, value])) });
}

/** The same for a reader who has the hash and not the bytes: shows that an event of this id and type is in the log. */
export function hashedEntryOf({ id, type, saltedHash }: Named & { saltedHash: Uint8Array }): Uint8Array {
  return joined([...field(1, encoder.encode(id)), ...field(2, encoder.encode(type)), ...field(3, saltedHash)]);
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
