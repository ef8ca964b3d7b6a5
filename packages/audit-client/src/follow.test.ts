import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefusedError } from './answers.ts';
import { followAudit, GapError } from './follow.ts';
import { entryOf as entry, logKey, makeLog, startHub } from './hub.fixture.ts';
import { filePlace } from './place.ts';

const sse = (id: number, event: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

describe('following the audit', () => {
  const dir = mkdtempSync(join(tmpdir(), 'erx-place-'));
  const asked: string[] = [];
  const opened: { end: AbortController; entries: AsyncGenerator }[] = [];
  let pages: (after: number) => object;
  let stream: (after: number, response: ServerResponse) => void;
  let hub: Awaited<ReturnType<typeof startHub>>;
  before(async () => {
    const log = await makeLog();
    hub = await startHub(async (url, request, response) => {
      const [, path] = /^\/v1\/audit\/logs\/1\/(.*)/.exec(url.pathname) ?? [];
      if (path !== undefined) return response.end(await log.file(path, log.size));
      asked.push(url.pathname);
      if (url.pathname === '/v1/audit/stream') return stream(Number(request.headers['last-event-id']), response);
      const page = pages(Number(url.searchParams.get('after')));
      return response.writeHead('status' in page ? Number(page.status) : 200).end(JSON.stringify(page));
    });
  });
  after(async () => {
    for (const { end, entries } of opened) {
      end.abort();
      await entries.return(undefined).catch(() => {});
    }
    hub[Symbol.dispose]();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    asked.length = 0;
    stream = (_, response) => response.writeHead(503).end();
  });

  const open = (name: string = randomUUID()) => {
    const place = filePlace(join(dir, name));
    const end = new AbortController();
    const entries = followAudit({ ask: hub.ask, keys: [logKey], place, signal: end.signal });
    opened.push({ end, entries });
    return { place, end, entries };
  };
  async function take(entries: AsyncGenerator<{ number: number }>, count: number): Promise<number[]> {
    const numbers: number[] = [];
    while (numbers.length < count) {
      const { value, done } = await entries.next();
      if (done) break;
      numbers.push(value.number);
    }
    return numbers;
  }

  test('it catches up by pages, goes on by the stream from its place, and comes back when the stream is cut', async () => {
    pages = (last) =>
      last < 4
        ? { entries: [entry(last + 1), entry(last + 2)], through: last + 2, end: 4 }
        : { entries: [], through: last, end: last };
    stream = (last, response) => {
      response.writeHead(200);
      response.write(':\n\n');
      // In two pieces, as a network would.
      const text = sse(last + 1, 'erx.x.v1.Y', entry(last + 1));
      response.write(text.slice(0, 20));
      setTimeout(() => response.end(text.slice(20) + sse(0, 'erx.stream.cut', { reason: 'COME_BACK' })), 20);
    };
    const { entries, place, end } = open();
    assert.deepEqual(await take(entries, 6), [1, 2, 3, 4, 5, 6]);
    assert.equal(place.get().number, 5, 'the sixth has not been dealt with');
    end.abort();
    await entries.return(undefined);
  });

  test('without a stream it goes on by pages', async () => {
    pages = (from) => ({ entries: [entry(from + 1)], through: from + 1, end: from + 1 });
    const { entries, end } = open();
    assert.deepEqual(await take(entries, 5), [1, 2, 3, 4, 5]);
    assert.ok(asked.includes('/v1/audit/stream'));
    end.abort();
  });

  test('a reader that was killed goes on from its file', async () => {
    pages = (from) => ({ entries: [entry(from + 1)], through: from + 1, end: 100 });
    assert.deepEqual(await take(open('kept').entries, 3), [1, 2, 3]);
    while (filePlace(join(dir, 'kept')).get().number < 2) await sleep(10);
    assert.deepEqual(await take(open('kept').entries, 2), [3, 4], 'what was not dealt with comes again');
  });

  test('GX-3m a missing number is found, in a page and in the stream; passed-over ranges are no gap', async () => {
    pages = () => ({
      entries: [entry(3)],
      passedOver: [
        { from: 1, to: 2 },
        { from: 4, to: 6 },
      ],
      through: 6,
      end: 6,
    });
    stream = (_, response) => response.writeHead(200).end(sse(8, 'erx.x.v1.Y', entry(8)));
    const { entries, place } = open();
    assert.deepEqual(await take(entries, 1), [3]);
    pages = (from) => ({ entries: [], through: from, end: from });
    await assert.rejects(take(entries, 1), GapError);
    assert.equal(place.get().number, 6);
    pages = () => ({ entries: [entry(1), entry(3)], through: 3, end: 3 });
    await assert.rejects(take(open().entries, 3), GapError);
  });

  test('a reader that ends keeps its place at once', async () => {
    pages = (from) => ({ entries: [entry(from + 1)], through: from + 1, end: 100 });
    const { entries } = open('ended');
    assert.deepEqual(await take(entries, 3), [1, 2, 3]);
    await entries.return(undefined);
    assert.equal(filePlace(join(dir, 'ended')).get().number, 2);
  });

  test('a refusal ends it', async () => {
    pages = () => ({ status: 403 });
    await assert.rejects(take(open().entries, 1), RefusedError);
  });
});
