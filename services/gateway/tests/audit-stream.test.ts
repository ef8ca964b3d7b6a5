import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '@erx/proto/audit/v1/audit_service';
import type { Call } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const entry = (number: number, size = 3): Entry => ({
  number: BigInt(number),
  eventId: UUID,
  type: 'erx.access.v1.RequestRefused',
  topic: 'erx.access.record.v1',
  partition: 2,
  offset: 9_007_199_254_740_991n,
  key: 'pharmacy-1',
  headers: { ce_id: UUID },
  value: Buffer.alloc(size, 7),
  recordedAt: new Date('2026-01-31T00:30:00.120Z'),
  schemaVersion: 1,
  masked: [],
  logged: { logId: 1, index: 41n, salt: Buffer.alloc(3, 8), saltedHash: new Uint8Array() },
  passedOver: undefined,
  checkpoint: undefined,
  end: BigInt(number),
});

type Follow = { after: bigint; division: string; given: number; ended: boolean };

describe('the audit stream', () => {
  let hub: TestGateway;
  /** What the audit service was asked, and how far each stream was read. */
  const follows: Follow[] = [];
  let script: (request: { after: bigint }, follow: Follow, signal: AbortSignal) => AsyncGenerator<Entry>;
  before(async () => {
    hub = await startTestGateway({ streams: { heartbeatMs: 40 } });
    await hub.registerEveryRole();
    const serve = async function* (request: { after: bigint }, call: Call, signal: AbortSignal) {
      const follow = { after: request.after, division: call.actor.division, given: 0, ended: false };
      follows.push(follow);
      try {
        yield* script(request, follow, signal);
      } finally {
        follow.ended = true;
      }
    };
    hub.fakes['followEntries'] = serve as never;
  });
  after(() => hub[Symbol.asyncDispose]());
  beforeEach(() => {
    follows.length = 0;
    script = async function* ({ after }, follow, signal) {
      for (let number = Number(after) + 1; number <= 5; number += 1, follow.given += 1) yield entry(number);
      await sleep(60_000, undefined, { signal }).catch(() => {});
    };
  });

  async function open(headers: Record<string, string> = {}, query = '') {
    const line = new AbortController();
    const response = await fetch(`${hub.url}/v1/audit/stream${query}`, {
      headers: { authorization: `Bearer ${await hub.token('regulator-1')}`, ...headers },
      signal: line.signal,
    });
    return { response, hangUp: () => line.abort() };
  }

  /** Reads until the text fits; then hangs up. */
  async function read(opened: Awaited<ReturnType<typeof open>>, until: (text: string) => boolean): Promise<string> {
    let text = '';
    for await (const chunk of opened.response.body ?? []) {
      text += Buffer.from(chunk);
      if (until(text)) break;
    }
    opened.hangUp();
    return text;
  }
  const numbers = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));

  test('entries come as events with number, type and the exact bytes', async () => {
    const opened = await open();
    assert.match(opened.response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const text = await read(opened, (so) => numbers(so).length === 5);
    assert.deepEqual(numbers(text), [1, 2, 3, 4, 5]);
    const [, data = ''] = /^id: 1\nevent: erx\.access\.v1\.RequestRefused\ndata: (.+)$/m.exec(text) ?? [];
    assert.deepEqual(JSON.parse(data), {
      number: 1,
      eventId: UUID,
      type: 'erx.access.v1.RequestRefused',
      topic: 'erx.access.record.v1',
      partition: 2,
      offset: 9_007_199_254_740_991,
      key: 'pharmacy-1',
      headers: { ce_id: UUID },
      value: 'BwcH',
      logged: { logId: 1, index: 41, salt: 'CAgI' },
      recordedAt: '2026-01-31T08:30:00.120+08:00',
      schemaVersion: 1,
    });
    assert.equal(follows[0]?.division, '420000');
  });

  test('a reader that comes back with Last-Event-ID goes on after it, whatever the query says', async () => {
    const text = await read(await open({ 'last-event-id': '3' }, '?after=1'), (so) => numbers(so).length === 2);
    assert.deepEqual(numbers(text), [4, 5]);
    assert.deepEqual(numbers(await read(await open({}, '?after=4'), (so) => numbers(so).length === 1)), [5]);
  });

  test('GJ-6e a signed tree comes as an event of its own that moves no position', async () => {
    script = async function* () {
      yield entry(6);
      yield { ...entry(0), checkpoint: { logId: 1, note: 'hub/log\n42\nAA==\n\n\u2014 hub/log AA==\n' } };
      yield entry(7);
    };
    const text = await read(await open(), (so) => numbers(so).length === 2);
    assert.deepEqual(numbers(text), [6, 7]);
    const [, data = ''] = /\n\nevent: erx\.stream\.checkpoint\ndata: (.+)\n\nid: 7\n/.exec(text) ?? [];
    assert.deepEqual(JSON.parse(data), { logId: 1, note: 'hub/log\n42\nAA==\n\n\u2014 hub/log AA==\n' });
  });

  test('a malformed position is refused', async () => {
    for (const id of ['x', '-1', '1.5', '9'.repeat(30)]) {
      const { response } = await open({ 'last-event-id': id });
      assert.equal(response.status, 400, id);
      assert.equal(
        ((await response.json()) as { errors: { field: string }[] }).errors[0]?.field,
        '/headers/Last-Event-ID',
      );
    }
  });

  test('a quiet stream beats', async () => {
    const text = await read(await open({ 'last-event-id': '5' }), (so) => so.includes(':\n\n:\n\n'));
    assert.match(text, /^retry: 1000\n\n/);
  });

  test('the stream at audit ends when the reader hangs up', async () => {
    await read(await open(), (so) => numbers(so).length >= 1);
    await eventually(async () => follows[0]?.ended);
  });

  test('a slow reader is not run over: audit is read no faster than the reader takes', async () => {
    script = async function* (_, follow) {
      for (let number = 1; number <= 2_000; number += 1, follow.given += 1) yield entry(number, 60_000);
    };
    const opened = await open();
    const reader = opened.response.body?.getReader();
    await reader?.read();
    let before = -1;
    // Stands still when every buffer on the way is full.
    await eventually(async () => {
      const given = follows[0]?.given ?? 0;
      const still = given === before;
      before = given;
      await sleep(200);
      return still && given > 0;
    });
    assert.ok(before < 2_000, `${before} of 2000 entries are under way`);
    opened.hangUp();
  });

  test('when audit goes away the stream ends, so that the reader comes back', async () => {
    script = async function* () {
      yield entry(1);
      throw new Error('gone');
    };
    assert.deepEqual(numbers(await read(await open(), () => false)), [1]);
  });

  test('pages: numbers after a position, the end, and the tree that is served', async () => {
    const checkpoint = { logId: 1, note: 'a signed note' };
    const page = { entries: [entry(8), entry(9)], passedOver: [], through: 9n, end: 9n, checkpoint };
    hub.fakes['readEntries'] = () => page;
    const { status, body } = await hub.send('GET', '/v1/audit/entries?after=7&limit=2', { as: 'regulator-1' });
    assert.equal(status, 200);
    assert.deepEqual(
      (body['entries'] as { number: number }[]).map(({ number }) => number),
      [8, 9],
    );
    assert.equal(body['end'], 9);
    assert.deepEqual(body['checkpoint'], checkpoint);
    const asked = hub.asked.at(-1);
    assert.deepEqual(
      [asked?.request, asked?.call.actor.division],
      [{ after: 7n, limit: 2, filter: undefined, since: undefined }, '420000'],
    );
  });

  test('a gateway that stops ends open streams at once', async () => {
    const complete = Promise.withResolvers<void>();
    const ended = read(await open(), (so) => {
      if (numbers(so).length === 5) complete.resolve();
      return false;
    });
    await complete.promise;
    await hub.stop();
    assert.deepEqual(numbers(await ended), [1, 2, 3, 4, 5]);
  });
});
