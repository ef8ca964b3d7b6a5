import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashedEntryOf, logEntryOf } from '@erx/receipts';
import { fromBase64, toBase64 } from '@erx/tlog';
import { followAudit } from './follow.ts';
import { entryOf, logKey, makeLog, otherKey, startHub } from './hub.fixture.ts';
import type { AuditEntry } from './items.ts';
import type { Place, Standing } from './place.ts';
import { UnprovenError } from './prove.ts';

const log = await makeLog();
const forged = await makeLog('forged');

type Tampering = {
  /** What stands between the hub and the reader changes an entry, */
  entry?(entry: ReturnType<typeof entryOf>): AuditEntry;
  /** or a file of the log. */
  file?(path: string, size: number): Promise<string | Uint8Array | undefined>;
  /** Leaves under the checkpoint when it is asked for the nth time. */
  signed?(nth: number): number;
  keys?: string[];
};

/** Reads so many entries from a place on; gives them with where the reader then stands. */
async function read(place: Place, count: number, { entry, file, signed, keys = [logKey] }: Tampering = {}) {
  let nth = 0;
  const end = new AbortController();
  using hub = await startHub(async (url, _, response) => {
    const [, path] = /^\/v1\/audit\/logs\/1\/(.*)/.exec(url.pathname) ?? [];
    if (path !== undefined) {
      if (path === 'checkpoint') nth += 1;
      const size = signed?.(nth) ?? log.size;
      const content = (await file?.(path, size)) ?? (size === 0 ? undefined : await log.file(path, size));
      return content === undefined ? response.writeHead(404).end() : response.end(content);
    }
    if (url.pathname === '/v1/audit/stream') return response.writeHead(503).end();
    const after = Number(url.searchParams.get('after'));
    const entries = [1, 2, 3].map((n) => entryOf(after + n)).map(entry ?? ((each) => each));
    return response.end(JSON.stringify({ entries, through: after + 3, end: 1_000 }));
  });
  const got = [];
  for await (const each of followAudit({ ask: hub.ask, keys, place, signal: end.signal })) {
    got.push(each);
    if (got.length === count) break;
  }
  end.abort();
  return got;
}

function placeAt(number: number, more: Partial<Standing> = {}): Place {
  let standing: Standing = { number, ...more };
  const set = (next: Standing): void => {
    standing = next;
  };
  return { get: () => standing, set, flush: () => {} };
}

const rejected = (tampering: Tampering, why: RegExp, place = placeAt(299)) =>
  assert.rejects(read(place, 5, tampering), (error: Error) => {
    assert.ok(error instanceof UnprovenError, `${error.name}: ${error.message}`);
    assert.match(error.message, why);
    return true;
  });

test('GJ-6e each entry is verified against the signed tree before it is given', async () => {
  const got = await read(placeAt(250), 40);
  assert.deepEqual(
    got.map(({ number, proven }) => [number, proven]),
    Array.from({ length: 40 }, (_, n) => [251 + n, 'BYTES']),
  );
});

test('GJ-6e an entry that was changed on its way is refused by its number and event', async () => {
  const on300 = (change: (entry: ReturnType<typeof entryOf>) => AuditEntry): Tampering => ({
    entry: (entry) => (entry.number === 300 ? change(entry) : entry),
  });
  const other = entryOf(301);
  const isOther = /^entry 300 \(event e300\): leaf 300 of log 1 is of something else$/;
  await rejected(
    on300((entry) => ({ ...entry, value: other.value })),
    isOther,
  );
  await rejected(
    on300((entry) => ({ ...entry, type: 'erx.x.v1.Z' })),
    isOther,
  );
  await rejected(
    on300((entry) => ({ ...entry, eventId: 'e1' })),
    /^entry 300 \(event e1\): leaf 300/,
  );
  await rejected(
    on300((entry) => ({ ...entry, logged: { ...entry.logged, salt: other.logged.salt ?? '' } })),
    isOther,
  );
  await rejected(
    on300((entry) => ({ ...entry, logged: { ...entry.logged, index: 298 } })),
    /leaf 298 of log 1 is of/,
  );
  await rejected(
    on300(({ logged: _, ...entry }) => entry),
    /names no leaf/,
  );
  await rejected(
    on300((entry) => ({ ...entry, logged: { logId: 1, index: 300 } })),
    /does not tell what its leaf/,
  );
});

test('GJ-6e one event told under two numbers, in the place of another, is refused', async () => {
  const again: Tampering = {
    entry: (entry) => (entry.number === 302 ? { ...entryOf(301), number: 302 } : entry),
  };
  await rejected(again, /^entry 302 .* leaf 301 of log 1 does not follow leaf 301 of log 1/);
  const place = placeAt(0);
  await read(place, 3);
  assert.equal(place.get().log?.index, 2);
  const first: Tampering = { entry: (entry) => ({ ...entryOf(1), number: entry.number }) };
  await rejected(first, /^entry 3 .* leaf 1 of log 1 does not follow leaf 2/, place);
});

test('GJ-6e where fields are masked, id and type are verified and the bytes are not', async () => {
  const masked = ({ logged, ...entry }: ReturnType<typeof entryOf>): AuditEntry => {
    const { eventId: id, type, value, number } = entry;
    const [bytes, salt] = [fromBase64(value), fromBase64(logged.salt ?? '')].map((each) => each ?? assert.fail());
    assert.ok(bytes !== undefined && salt !== undefined);
    const saltedHash = logEntryOf({ id, type, value: bytes, salt }).slice(-32);
    assert.deepEqual(hashedEntryOf({ id, type, saltedHash }), logEntryOf({ id, type, value: bytes, salt }));
    return {
      ...entry,
      value: '',
      masked: ['diagnoses'],
      logged: { logId: 1, index: number, saltedHash: toBase64(saltedHash) },
    };
  };
  const [entry] = await read(placeAt(299), 1, { entry: masked });
  assert.equal(entry?.proven, 'ID_AND_TYPE');
  await rejected({ entry: (each) => ({ ...masked(each), type: 'erx.x.v1.Z' }) }, /leaf 300 of log 1 is of something/);
  await rejected({ entry: (each) => ({ ...each, masked: ['diagnoses'] }) }, /does not tell what its leaf/);
});

test('GJ-6e a log that is not the signed one is refused: other tiles, other key, another tree', async () => {
  const fileOf = (start: string): Tampering => ({
    file: async (path, size) => (path.startsWith(start) ? forged.file(path, size) : undefined),
  });
  await rejected(fileOf('tile/0/001'), /^entry 300 .*tile\/0\/001 does not belong to the signed tree of 600 leaves/);
  await rejected(fileOf('tile/0/002'), /^entry 300 .*the tiles give another tree of 600 leaves/);
  await rejected(fileOf('tile/1'), /^entry 300 .*the tiles give another tree of 600 leaves/);
  await rejected({ file: async (path) => (path.startsWith('tile') ? 'short' : undefined) }, /has 5 bytes, not/);
  await rejected({ keys: [otherKey] }, /the checkpoint of hub\.example\/log: the log has not signed this checkpoint/);
});

test('GJ-6e a whole other log, well signed, is refused by a reader who has seen a tree of the first', async () => {
  const place = placeAt(299);
  await read(place, 2);
  const other: Tampering = {
    file: forged.file,
    entry: (entry) => ({ ...entry, value: toBase64(new TextEncoder().encode(`forged ${entry.number}`)) }),
  };
  await read(placeAt(299), 2, other);
  await rejected(
    other,
    /^entry 301 .*log 1: the signed tree of 600 leaves contradicts the one of 600 seen before/,
    place,
  );
});

test('an entry waits for the signed tree that holds it, from the first checkpoint on', async () => {
  const place = placeAt(299);
  const got = await read(place, 3, { signed: (nth) => [0, 0, 250, 301, 302, 303][nth] ?? 303 });
  assert.deepEqual(
    got.map(({ number }) => number),
    [300, 301, 302],
  );
});
