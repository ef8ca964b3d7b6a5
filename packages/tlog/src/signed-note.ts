import { ed25519 } from '@noble/curves/ed25519.js';
import { fromBase64, toBase64 } from './base64.ts';
import type { Invalid } from './invalid.ts';
import { isInvalid } from './invalid.ts';
import { isKeyName, isSameKey, type KeyName, keyTypes, type SignerKey, type VerifierKey } from './note-key.ts';

/** `signature` is what follows the key id: 64 bytes, or a timestamp of 8 bytes and 64. */
export type NoteSignature = KeyName & { signature: Uint8Array };
export type Note = { text: string; signatures: NoteSignature[] };
/** A key that signed, and for a cosignature when, in seconds since 1970. */
export type Signed = { key: VerifierKey; at?: number };

const MOST_SIGNATURES = 100;
const LINE = /^\u2014 ([^ ]+) ([^ ]+)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: C2SP forbids them
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const encoder = new TextEncoder();

/** C2SP signed-note: a text that ends in a newline, an empty line, signature lines. Nothing is verified yet. */
export function parseNote(note: string): Note | Invalid {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || CONTROL.test(note)) return { invalid: 'not a signed note' };
  const signatures = parseSignatures(note.slice(end + 2));
  return isInvalid(signatures) ? signatures : { text: note.slice(0, end + 1), signatures };
}

/** Signature lines, each `— name base64(id ‖ signature)` with its newline. */
export function parseSignatures(lines: string): NoteSignature[] | Invalid {
  const each = lines.split('\n').slice(0, -1);
  if (each.length === 0 || each.length > MOST_SIGNATURES) return { invalid: 'no signature, or too many' };
  const signatures: NoteSignature[] = [];
  for (const line of each) {
    const [, name = '', text = ''] = LINE.exec(line) ?? [];
    const bytes = fromBase64(text);
    if (!isKeyName(name) || bytes === undefined || bytes.length < 5)
      return { invalid: 'a signature line is malformed' };
    signatures.push({ name, id: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  return signatures;
}

export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

export function formatSignature({ name, id, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(Uint8Array.from([...id, ...signature]))}\n`;
}

/** Signs as log (0x01), or cosigns as witness (0x04) a checkpoint seen `at` seconds since 1970. */
export function signText({ name, id, type, seed }: SignerKey, text: string, at: number): NoteSignature {
  const signature = ed25519.sign(messageOf(type, text, at), seed);
  if (type === keyTypes.signature) return { name, id, signature };
  const timed = new Uint8Array(8 + signature.length);
  new DataView(timed.buffer).setBigUint64(0, BigInt(at));
  timed.set(signature, 8);
  return { name, id, signature: timed };
}

/**
 * Which of the known keys signed the note. Signatures of unknown keys count for nothing; a false one of a known key
 * spoils the whole note.
 */
export function verifySignatures({ text, signatures }: Note, keys: readonly VerifierKey[]): Signed[] | Invalid {
  const signed: Signed[] = [];
  for (const each of signatures) {
    const key = keys.find((known) => isSameKey(known, each));
    if (key === undefined || signed.some((done) => done.key === key)) continue;
    const one = verifyOne(key, text, each.signature);
    if (one === undefined) return { invalid: `the signature of ${key.name} is false` };
    signed.push(one);
  }
  return signed;
}

function verifyOne(key: VerifierKey, text: string, bytes: Uint8Array): Signed | undefined {
  const isTimed = key.type === keyTypes.cosignature;
  if (bytes.length !== (isTimed ? 72 : 64)) return undefined;
  const at = isTimed ? Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)) : 0;
  const isTrue = ed25519.verify(bytes.slice(-64), messageOf(key.type, text, at), key.publicKey, { zip215: false });
  if (!isTrue) return undefined;
  return isTimed ? { key, at } : { key };
}

/** C2SP tlog-cosignature: a cosignature also says when, behind a header of its own. */
function messageOf(type: VerifierKey['type'], text: string, at: number): Uint8Array {
  return encoder.encode(type === keyTypes.signature ? text : `cosignature/v1\ntime ${at}\n${text}`);
}
