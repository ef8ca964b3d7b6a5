import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from './base64.ts';
import { sameBytes } from './hash.ts';
import type { Invalid } from './invalid.ts';

// C2SP signed-note: 0x01 is an Ed25519 signature over the text, 0x04 a timestamped cosignature of a checkpoint.
export const keyTypes = { signature: 1, cosignature: 4 } as const;
export type KeyType = (typeof keyTypes)[keyof typeof keyTypes];

/** Key name and the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
export type KeyName = { name: string; id: Uint8Array };
export type VerifierKey = KeyName & { type: KeyType; publicKey: Uint8Array };
export type SignerKey = VerifierKey & { seed: Uint8Array };

const KEY_BYTES = 32;
const encoder = new TextEncoder();

/** C2SP: not empty, no blank, no plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

function keyId(name: string, type: KeyType, publicKey: Uint8Array): Uint8Array {
  return sha256(Uint8Array.from([...encoder.encode(name), 0x0a, type, ...publicKey])).slice(0, 4);
}

/** The text that others are given: `<name>+<hex of id>+<base64 of type ‖ public key>`. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${hex(id)}+${toBase64(Uint8Array.from([type, ...publicKey]))}`;
}

export function parseVerifierKey(text: string): VerifierKey | Invalid {
  const [, name = '', id = '', key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const parsed = readKey(name, key);
  if (parsed === undefined) return { invalid: 'not a verifier key of the form name+id+base64' };
  const { type, bytes: publicKey } = parsed;
  const made = { name, type, publicKey, id: keyId(name, type, publicKey) };
  return hex(made.id) === id ? made : { invalid: 'the id of the verifier key does not belong to its key' };
}

/** The private form that the Go tools write: `PRIVATE+KEY+<name>+<hex of id>+<base64 of type ‖ seed>`. */
export function formatSignerKey({ name, id, type, seed }: SignerKey): string {
  return `PRIVATE+KEY+${name}+${hex(id)}+${toBase64(Uint8Array.from([type, ...seed]))}`;
}

export function parseSignerKey(text: string): SignerKey | Invalid {
  const [, name = '', id = '', key = ''] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const parsed = readKey(name, key);
  // The text itself is a secret and never part of a message.
  if (parsed === undefined) return { invalid: 'not a signing key of the form PRIVATE+KEY+name+id+base64' };
  const made = signerKey(name, parsed.type, parsed.bytes);
  return hex(made.id) === id ? made : { invalid: 'the id of the signing key does not belong to its key' };
}

/** A key from 32 random bytes. */
export function signerKey(name: string, type: KeyType, seed: Uint8Array): SignerKey {
  if (seed.length !== KEY_BYTES) throw new RangeError('a key has 32 bytes');
  return { ...verifierKey(name, type, ed25519.getPublicKey(seed)), seed };
}

/** A public key under a name. */
export function verifierKey(name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new RangeError('a key name is not empty and holds no blank and no plus');
  return { name, type, publicKey, id: keyId(name, type, publicKey) };
}

export function isSameKey(a: KeyName, b: KeyName): boolean {
  return a.name === b.name && sameBytes(a.id, b.id);
}

function readKey(name: string, text: string): { type: KeyType; bytes: Uint8Array } | undefined {
  const [type, ...bytes] = fromBase64(text) ?? [];
  const known = Object.values(keyTypes).find((each) => each === type);
  if (known === undefined || bytes.length !== KEY_BYTES || !isKeyName(name)) return undefined;
  return { type: known, bytes: Uint8Array.from(bytes) };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
