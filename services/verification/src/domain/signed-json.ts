// Signed documents are UTF-8 JSON. What two readers could read differently was signed by nobody.

export type JsonObject = { [member: string]: unknown };

/** Bytes; a prescription of twenty lines has about 6,000. */
const LARGEST = 128 * 1024;
const DEEPEST = 16;
/** Strings as a whole, so that a quoted bracket counts as none. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** The object that the bytes say; or why they say none, without a word of them. */
export function readSignedJson(bytes: Uint8Array): { value: JsonObject } | { problem: string } {
  if (bytes.length === 0) return { problem: 'EMPTY' };
  if (bytes.length > LARGEST) return { problem: 'TOO_LARGE' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const { depth, members } = outline(text);
    if (depth > DEEPEST) return { problem: 'TOO_DEEP' };
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return { problem: 'NOT_AN_OBJECT' };
    return countMembers(value) === members ? { value } : { problem: 'DUPLICATE_MEMBER' };
  } catch {
    // The parser's message would quote the document.
    return { problem: 'NOT_JSON' };
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function outline(text: string): { depth: number; members: number } {
  let level = 0;
  let depth = 0;
  let members = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth = Math.max(depth, ++level);
    else if (token === '}' || token === ']') level -= 1;
    else if (token === ':') members += 1;
  }
  return { depth, members };
}

// JSON.parse keeps the last of several members with one name.
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return inner.reduce((sum: number, each) => sum + countMembers(each), Array.isArray(value) ? 0 : inner.length);
}
