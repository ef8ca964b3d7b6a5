/**
 * Bytes of a Base64 text (RFC 4648 section 4, padded), or undefined.
 * Strict, because Node skips foreign characters and stray bits: one signature would have many spellings.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
