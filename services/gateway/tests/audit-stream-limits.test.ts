import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, FollowEntriesRequest } from '@erx/proto/audit/v1/audit_service';
import type { Call } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const VIEWED = 'erx.dispensing.v1.HistoryViewed';

const entry = (number: number, size = 3): Entry => ({
  number: BigInt(number),
  eventId: UUID,
  type: VIEWED,
  topic: 'erx.dispensing.prescription.v1',
  partition: 0,
  offset: 1n,
  key: 'p1',
  headers: {},
  value: Buffer.alloc(size, 7),
  recordedAt: new Date(0),
  schemaVersion: 1,
  masked: ['lines.usage'],
  logged: { logId: 1, index: 41n, salt: new Uint8Array(), saltedHash: Buffer.alloc(3, 9) },
  passedOver: undefined,
  checkpoint: undefined,
  end: 9n,
});
const mark = (from: number, to: number): Entry => ({
  ...entry(to),
  eventId: '',
  passedOver: { from: BigInt(from), to: BigInt(to) },
});

describe('limits of the audit stream', () => {
  let hub: TestGateway;
  const asked: FollowEntriesRequest[] = [];
  let script: (signal: AbortSignal) => AsyncGenerator<Entry>;
  before(async () => {
    hub = await startTestGateway({
      streams: { patienceMs: 300 },
      env: { ERX_HTTP_STREAMS_PER_CLIENT: '2' },
    });
    await hub.registerEveryRole();
    hub.fakes['followEntries'] = async function* (request: FollowEntriesRequest, _: Call, signal: AbortSignal) {
      asked.push(request);
      yield* script(signal);
    } as never;
  });
  after(() => hub[Symbol.asyncDispose]());

  const open = async (as: string, query = '', signal = AbortSignal.timeout(60_000), at = hub) =>
    fetch(`${at.url}/v1/audit/stream${query}`, {
      headers: { authorization: `Bearer ${await at.token(as)}` },
      signal,
    });
  const idle = async function* (signal: AbortSignal) {
    yield entry(1);
    await sleep(60_000, undefined, { signal }).catch(() => {});
  };

  test('a filter and an instant reach audit; what was passed over and what was masked is told with the current end', async () => {
    script = async function* () {
      yield mark(3, 6);
      yield entry(7);
    };
    const query = `?type=${VIEWED},erx.dispensing.v1.HandedOver&place=420106&since=2026-01-31T00:00:00Z`;
    const text = await (await open('regulator-1', query)).text();
    assert.deepEqual(asked.at(-1), {
      after: 0n,
      since: new Date('2026-01-31T00:00:00Z'),
      filter: { types: [VIEWED, 'erx.dispensing.v1.HandedOver'], place: '420106' },
      withCheckpoints: true,
    });
    assert.ok(text.includes('id: 6\nevent: erx.stream.passed-over\ndata: {"from":3,"to":6,"end":9}\n\n'), text);
    assert.match(text, /^id: 7\nevent: erx\.dispensing\.v1\.HistoryViewed\ndata: .*"masked":\["lines\.usage"\]/m);
    assert.ok(text.includes('"logged":{"logId":1,"index":41,"saltedHash":"CQkJ"}'), text);
  });

  test('a kind of event that does not exist is refused, in a stream and in a page', async () => {
    for (const path of ['/v1/audit/stream', '/v1/audit/entries']) {
      const { status, body } = await hub.send('GET', `${path}?type=erx.dispensing.v1.Histroy`, { as: 'regulator-1' });
      assert.deepEqual([status, (body['errors'] as { field: string }[])[0]?.field], [400, '/query/type'], path);
    }
  });

  test('GJ-6b one stream too many of a client is refused with Retry-After; a closed one gives its place back', async () => {
    script = idle;
    const lines = [new AbortController(), new AbortController()];
    for (const line of lines) assert.equal((await open('regulator-1', '', line.signal)).status, 200);
    const refused = await open('regulator-1');
    const problem = (await refused.json()) as { code: string; retry: string };
    assert.deepEqual([refused.status, problem.code, problem.retry], [429, 'TOO_MANY_REQUESTS', 'LATER']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    const other = new AbortController();
    assert.equal((await open('agency-1', '', other.signal)).status, 200, 'the place of another client');
    lines[0]?.abort();
    await eventually(async () => {
      const again = new AbortController();
      const { status } = await open('regulator-1', '', again.signal);
      again.abort();
      return status === 200;
    });
    lines[1]?.abort();
    other.abort();
  });

  test('GJ-6b a reader that takes nothing is cut off with a last event, and the hub lets go of its stream at audit', async () => {
    let ended = false;
    script = async function* () {
      let number = 0;
      try {
        for (;;) {
          number += 1;
          yield entry(number, 60_000);
        }
      } finally {
        // A stream of the test before that ends only now had no time for so many.
        ended ||= number > 50;
      }
    };
    const token = await hub.token('agency-1');
    const { hostname, port } = new URL(hub.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /v1/audit/stream HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${token}\r\n\r\n`);
    // A socket without a reader: the system's buffers fill, and then nothing more is taken.
    socket.pause();
    await eventually(async () => ended, 30_000);
    let text = '';
    socket.on('data', (chunk) => {
      text = (text + chunk.toString()).slice(-2_000);
    });
    socket.resume();
    await eventually(async () => text.includes('event: erx.stream.cut\ndata: {"reason":"TOO_SLOW"}'), 30_000);
    socket.destroy();
  });

  test('a stream ends after its longest time with a last event, so that the right to it is looked at again', async () => {
    await using brief = await startTestGateway({ streams: { longestMs: 500 } });
    await brief.registerEveryRole();
    brief.fakes['followEntries'] = async function* (_request: unknown, _call: Call, signal: AbortSignal) {
      yield* idle(signal);
    } as never;
    const text = await (await open('regulator-1', '', undefined, brief)).text();
    assert.match(text, /^id: 1$/m);
    assert.ok(text.endsWith('event: erx.stream.cut\ndata: {"reason":"LONGEST_TIME"}\n\n'), text);
  });
});
