import assert from 'node:assert/strict';
import test from 'node:test';
import type { Entry, ServedCheckpoint } from '@erx/proto/audit/v1/audit_service';
import { eventually } from '@erx/testkit';
import { isInvalid, type OpenedCheckpoint, openCheckpoint } from '@erx/tlog';
import { logKey, signedTree, verifiedEntries } from './log-support.ts';
import { from, pages, regulator, startTestAudit, viewed } from './support.ts';
import { listed, startWitness, type TestWitness } from './witness-support.ts';

const some = (count: number, name: string, division: string) =>
  Array.from({ length: count }, (_, n) => viewed(name, String(n), [division]));

async function opened({ note }: ServedCheckpoint, ...witnesses: TestWitness[]): Promise<OpenedCheckpoint> {
  const found = openCheckpoint(note, [await logKey(), ...witnesses.map(({ key }) => key)]);
  assert.ok(!isInvalid(found), JSON.stringify(found));
  return found;
}

async function collect(entries: AsyncIterable<Entry>, into: Entry[]): Promise<void> {
  try {
    for await (const entry of entries) into.push(entry);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}

test('GJ-6e a stream tells the signed and cosigned trees that hold what it told, each when it holds something more', async () => {
  await using witness = await startWitness('regulator.example/w');
  await using audit = await startTestAudit(await listed(witness));
  const end = new AbortController();
  const [told, plain]: [Entry[], Entry[]] = [[], []];
  const request = from(0n, undefined, true);
  const following = Promise.all([
    collect(audit.client.followEntries(request, regulator('420106'), end.signal), told),
    collect(audit.client.followEntries(from(0n), regulator('420106'), end.signal), plain),
  ]);
  const isHeld = async (entries: number) => {
    const [last, before] = [told.at(-1), told.filter(({ logged }) => logged !== undefined)];
    if (last?.checkpoint === undefined || before.length < entries) return false;
    const { checkpoint } = await opened(last.checkpoint);
    return checkpoint.size > Number(before.at(-1)?.logged?.index);
  };
  await audit.publish(some(250, 'a', '420106'));
  await eventually(() => isHeld(250), 60_000);
  await audit.publish([...some(5, 'elsewhere', '220102'), ...some(3, 'b', '420106')]);
  await eventually(() => isHeld(253), 60_000);
  end.abort();
  await following;

  let size = 0;
  let tell: number[] = [];
  for (const { checkpoint, logged, number } of told) {
    if (logged !== undefined) tell.push(Number(logged.index));
    if (checkpoint === undefined) continue;
    assert.equal(number, 0n);
    const { checkpoint: tree, signed } = await opened(checkpoint, witness);
    assert.ok(
      tell.some((index) => index >= size && index < tree.size),
      `${tree.size} after ${size} holds nothing more`,
    );
    assert.equal(signed.length, 2, 'the log and its witness');
    tell = tell.filter((index) => index >= tree.size);
    size = tree.size;
    assert.equal((await verifiedEntries(audit, tree)).length, size);
  }
  assert.deepEqual(tell, []);
  assert.ok(plain.length >= 253 && plain.every(({ checkpoint }) => checkpoint === undefined), 'nobody gets it unasked');
});

test('GJ-6e a page tells the tree that is served of the log of its last entry; an empty one tells none', async () => {
  await using audit = await startTestAudit();
  await audit.publish(some(30, 'a', '420106'));
  await signedTree(audit, 30);
  const page = async (after: bigint) => {
    const answer = await audit.client.readEntries(pages(after, 10), regulator('420106'));
    assert.ok(!('refused' in answer));
    return answer.checkpoint;
  };
  const checkpoint = await page(0n);
  assert.ok(checkpoint !== undefined);
  assert.deepEqual([checkpoint.logId, (await opened(checkpoint)).checkpoint.size], [1, 30]);
  assert.equal(await page(30n), undefined);
});
