// Sealed bytes: format 01, version of the person's data key (2), then the box of aead.ts.
import { contextOf, decrypt, encrypt } from './aead.ts';
import type { DataKey } from './wrap-key.ts';

const FORMAT = 1;
const HEADER = 3;

/** What sealed bytes belong to: nobody can pass them off as another person's, or as another field. */
export type Belonging = {
  personId: string;
  field: 'name' | 'identity' | 'phone' | 'document' | 'consent' | 'signature';
  /** Of a document or consent: the prescription. Of a signature: grant and SM3 of the purchase list. */
  binding?: readonly string[];
};

export function sealBytes({ key, version }: DataKey, belongs: Belonging, clear: Uint8Array): Uint8Array {
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(FORMAT, 0);
  header.writeUInt16BE(version, 1);
  return new Uint8Array(Buffer.concat([header, encrypt(key, context(header, belongs), clear)]));
}

/** Which of the person's data keys it was sealed with. Throws for anything that is not sealed bytes. */
export function keyVersionOf(sealed: Uint8Array): number {
  const header = Buffer.from(sealed.subarray(0, HEADER));
  if (header.length < HEADER || header.readUInt8(0) !== FORMAT) throw new Error('not sealed bytes');
  return header.readUInt16BE(1);
}

/** Throws when the bytes were not sealed for exactly this, with one of these keys. */
export function openBytes(keys: readonly DataKey[], belongs: Belonging, sealed: Uint8Array): Uint8Array {
  const header = Buffer.from(sealed.subarray(0, HEADER));
  const version = keyVersionOf(sealed);
  const dataKey = keys.find((each) => each.version === version);
  if (dataKey === undefined) throw new Error('the data key of sealed bytes is gone');
  return decrypt(dataKey.key, context(header, belongs), sealed.subarray(HEADER));
}

function context(header: Buffer, { personId, field, binding = [] }: Belonging): Uint8Array {
  return Buffer.concat([header, contextOf('erx.sealed.v1', personId, field, ...binding)]);
}
