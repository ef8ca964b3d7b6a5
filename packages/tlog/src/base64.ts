/** RFC 4648 §4, by what both browsers and Node have. */
export function toBase64(bytes: Uint8Array): string {
  // One by one: an event may have more bytes than a call takes arguments.
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Undefined unless the text is exactly what `toBase64` gives: `atob` alone would forgive blanks and loose bits. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
