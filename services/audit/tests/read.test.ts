import assert from 'node:assert/strict';
import test from 'node:test';
import { actorOf } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { from, pages, received, regulator, startTestAudit, viewed } from './support.ts';

const numbers = (outcome: object): bigint[] => {
  assert.ok('entries' in outcome, 'refused');
  return (outcome.entries as { number: bigint }[]).map(({ number }) => number);
};

test('CX-7b a county reads what concerns it and nothing of another county', async () => {
  await using audit = await startTestAudit();
  const [here, there, both, nowhere] = [
    viewed('p1', 'here', ['420106']),
    viewed('p2', 'there', ['420102']),
    viewed('p3', 'both', ['420106', '420102']),
    viewed('p4', 'nowhere'),
  ];
  await audit.publish([here, there, both, nowhere].filter((event) => event !== undefined));
  await audit.recorded(4);
  const read = async (division: string) => new Set((await audit.readAll(division)).map(({ eventId }) => eventId));
  assert.deepEqual(await read('420106'), new Set([here?.id, both?.id]));
  assert.deepEqual(await read('420102'), new Set([there?.id, both?.id]));
  assert.deepEqual(await read('420100'), new Set([here?.id, there?.id, both?.id]));
  assert.deepEqual(await read('420000'), new Set([here?.id, there?.id, both?.id]));
  assert.deepEqual(await read('100000'), new Set([here?.id, there?.id, both?.id, nowhere?.id]));
  assert.deepEqual(await read('220000'), new Set());
  assert.deepEqual(await read(''), new Set());
});

test('a page begins at any position, holds at most what was asked for, and names the end', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 12 }, (_, n) => viewed('p', String(n), ['420106'])));
  await audit.recorded(12);
  const page = async (after: bigint, limit: number) => {
    const answer = await audit.client.readEntries(pages(after, limit), regulator('420106'));
    return [numbers(answer), 'end' in answer ? answer.end : undefined];
  };
  assert.deepEqual(await page(0n, 3), [[1n, 2n, 3n], 12n]);
  assert.deepEqual(await page(10n, 500), [[11n, 12n], 12n]);
  assert.deepEqual(await page(12n, 1), [[], 12n]);
  assert.deepEqual(await page(1_000n, 1), [[], 12n]);
});

test('a page of large events is shorter than asked for and misses none', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 130 }, (_, n) => received(`n${n}`, 2_000, ['420106'])));
  await audit.recorded(130);
  const answer = await audit.client.readEntries(pages(0n, 500), regulator('420106'));
  const shown = numbers(answer).length;
  assert.ok(shown > 1 && shown < 130, `${shown} entries`);
  assert.equal((await audit.readAll('420106')).length, 130);
});

test('a limit outside 1 to 1,000 or a position below 0 is refused, all problems at once', async () => {
  await using audit = await startTestAudit();
  const fields = async (after: bigint, limit: number) => {
    const answer = await audit.client.readEntries(pages(after, limit), regulator('420106'));
    return 'refused' in answer ? answer.refused.map(({ code, field }) => `${code} ${field}`) : [];
  };
  assert.deepEqual(await fields(0n, 0), ['REQUEST_INVALID /limit']);
  assert.deepEqual(await fields(0n, 1_001), ['REQUEST_INVALID /limit']);
  assert.deepEqual(await fields(-1n, -1), ['REQUEST_INVALID /after', 'REQUEST_INVALID /limit']);
  assert.deepEqual(await fields(0n, 1_000), []);
});

test('GJ-6a only a regulator or an agency reads the audit, and the attempt of another is itself recorded', async () => {
  await using audit = await startTestAudit();
  const pharmacy = { actor: actorOf({ clientId: 'pharmacy-1', role: 'PHARMACY', division: '420106' }) };
  const answer = await audit.client.readEntries(pages(0n, 1), pharmacy);
  assert.deepEqual('refused' in answer && answer.refused.map(({ code }) => code), ['ACCESS_SCOPE_DENIED']);
  await audit.recorded(1);
  const [entry] = await audit.readAll('100000');
  assert.equal(entry?.type, 'erx.access.v1.RequestRefused');
  assert.equal(entry?.key, 'pharmacy-1');
  const follow = async () => {
    for await (const _ of audit.client.followEntries(from(0n), pharmacy, AbortSignal.timeout(10_000))) break;
  };
  await assert.rejects(follow(), /PERMISSION_DENIED/);
});

test('a stream catches up from its position and then brings each later entry of its division', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 250 }, (_, n) => viewed('p', String(n), ['420106'])));
  await audit.recorded(250);
  const end = new AbortController();
  const got: bigint[] = [];
  const following = collect(audit.client.followEntries(from(20n), regulator('420106'), end.signal), got);
  await eventually(async () => got.length >= 230);
  await audit.publish([viewed('p', 'elsewhere', ['220102']), viewed('p', 'later', ['420106'])]);
  await eventually(async () => got.length >= 231);
  assert.deepEqual(
    got,
    Array.from({ length: 231 }, (_, n) => BigInt(n + 21)),
  );
  end.abort();
  await following;
});

test('a stream finds later entries by the clock when its notifications are lost', async () => {
  await using audit = await startTestAudit();
  const end = new AbortController();
  const got: bigint[] = [];
  const following = collect(audit.client.followEntries(from(0n), regulator('420106'), end.signal), got);
  await audit.publish([viewed('p', '1', ['420106'])]);
  await eventually(async () => got.length === 1);
  // Nobody is told of this one.
  const { sql } = audit.database;
  await sql`insert into entry select gen_random_uuid(), type, topic, partition, "offset" + 1000, key, headers, value, now() from entry`;
  await sql.begin(async (tx) => {
    await tx`update division_end set number = 2 where division = '420106'`;
    await tx`insert into entry_run select '420106', 2, array[event_id], recorded_at from entry where "offset" >= 1000`;
  });
  await eventually(async () => got.length === 2, 30_000);
  end.abort();
  await following;
});

test('a reader that does not take its entries holds up neither the record nor other readers', async () => {
  await using audit = await startTestAudit();
  const end = new AbortController();
  await audit.publish(Array.from({ length: 200 }, (_, n) => received(`a${n}`, 2_000, ['420106'])));
  await audit.recorded(200);
  const slow = audit.client.followEntries(from(0n), regulator('420106'), end.signal)[Symbol.asyncIterator]();
  await slow.next();
  await audit.publish(Array.from({ length: 200 }, (_, n) => received(`b${n}`, 2_000, ['420106'])));
  await audit.recorded(400);
  const got: bigint[] = [];
  const quick = collect(audit.client.followEntries(from(395n), regulator('420106'), end.signal), got);
  await eventually(async () => got.length === 5);
  const second = await slow.next();
  assert.equal(second.value?.number, 2n);
  end.abort();
  await quick;
  await slow.next().catch(() => {});
});

test('a draining service ends its open streams', async () => {
  await using audit = await startTestAudit();
  const got: bigint[] = [];
  const following = collect(
    audit.client.followEntries(from(0n), regulator('420106'), new AbortController().signal),
    got,
  );
  await audit.publish([viewed('p', '1', ['420106'])]);
  await eventually(async () => got.length === 1);
  await audit.stop();
  await following;
  await audit.start();
});

async function collect(entries: AsyncIterable<{ number: bigint }>, into: bigint[]): Promise<void> {
  try {
    for await (const { number } of entries) into.push(number);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
