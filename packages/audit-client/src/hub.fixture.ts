import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { logEntryOf } from '@erx/receipts';
import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  leafHash,
  openTree,
  parseTilePath,
  type SignerKey,
  signerKey,
  signText,
  toBase64,
} from '@erx/tlog';
import type { Ask } from './answers.ts';
import type { AuditEntry } from './items.ts';

const encoder = new TextEncoder();
const ORIGIN = 'hub.example/log';
const SIZE = 600;
const signer = signerKey(ORIGIN, 1, new Uint8Array(32).fill(7));
export const logKey = formatVerifierKey(signer);
export const witness = (n: number): SignerKey => signerKey(`w${n}.example`, 4, new Uint8Array(32).fill(20 + n));
export const otherKey = formatVerifierKey(signerKey(ORIGIN, 1, new Uint8Array(32).fill(9)));

/** An entry with its number as the index of its leaf. */
export function entryOf(number: number): Required<Pick<AuditEntry, 'logged'>> & AuditEntry {
  const salt = new Uint8Array(32).fill(number);
  return {
    number,
    eventId: `e${number}`,
    type: 'erx.x.v1.Y',
    key: 'k',
    headers: {},
    value: toBase64(encoder.encode(`event ${number}`)),
    recordedAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
    logged: { logId: 1, index: number, salt: toBase64(salt) },
  };
}

const entries = (kind: string) =>
  Array.from({ length: SIZE }, (_, n) =>
    leafHash(
      logEntryOf({
        id: `e${n}`,
        type: 'erx.x.v1.Y',
        value: encoder.encode(`${kind} ${n}`),
        salt: new Uint8Array(32).fill(n),
      }),
    ),
  );

/** A log of the events `<kind> 0`, `<kind> 1` …; how many of them are signed can be told. */
export async function makeLog(kind = 'event') {
  const hashes = entries(kind);
  const note = async (size: number, ...witnesses: SignerKey[]): Promise<string> => {
    const tree = await openTree(0, async () => new Uint8Array());
    tree.append(hashes.slice(0, size));
    const text = formatCheckpoint({ origin: ORIGIN, size, root: tree.root() });
    return formatNote({ text, signatures: [signer, ...witnesses].map((key) => signText(key, text, 1)) });
  };
  const whole = await openTree(0, async () => new Uint8Array());
  const roots = whole.append(hashes).map(({ root }) => root);
  const file = async (path: string, size: number): Promise<string | Uint8Array | undefined> => {
    if (path === 'checkpoint') return note(size);
    const tile = parseTilePath(path);
    const row = [hashes, roots][Number(tile?.level)]?.slice((tile?.index ?? 0) * 256).slice(0, tile?.width);
    return tile === undefined || row === undefined ? undefined : Buffer.concat(row);
  };
  return { file, note, size: SIZE };
}

type Answer = (url: URL, request: IncomingMessage, response: ServerResponse) => unknown;

/** A hub as the API guide describes it, on a real socket. */
export async function startHub(answer: Answer): Promise<{ ask: Ask } & Disposable> {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '', 'http://hub'), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    ask: (path, headers, signal) => fetch(`http://127.0.0.1:${port}${path}`, { headers, signal }),
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
