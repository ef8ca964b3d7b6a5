import assert from 'node:assert/strict';
import test from 'node:test';
import { messagingMigrations } from '@erx/messaging';
import {
  claimRequest,
  forgetRequest,
  inTransaction,
  migrate,
  openDatabase,
  recall,
  rememberAnswer,
} from '@erx/postgres';
import { freshDatabase } from '@erx/testkit';

const database = openDatabase(await freshDatabase('requests'), 4, 'test');
test.after(() => database.close());
await migrate(database, [messagingMigrations]);

const codec = {
  encode: (text: string) => ({ finish: () => new Uint8Array(Buffer.from(text)) }),
  decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
};
const request = (key: string, hash = 'h', clientId = 'c') => ({ clientId, key, hash });

function answerOnce(key: string, answer: string, meanwhile = async () => {}) {
  return inTransaction(database, async (tx) => {
    const earlier = await claimRequest(tx, request(key), 'test', codec);
    if (earlier !== undefined) return earlier;
    await meanwhile();
    await rememberAnswer(tx, request(key), codec, answer);
    return { answer };
  });
}

test('the first answer is the answer of every repeat, for this client and this body only', async () => {
  assert.equal(await recall(database, request('a'), codec), undefined);
  assert.deepEqual(await answerOnce('a', 'first'), { answer: 'first' });
  assert.deepEqual(await answerOnce('a', 'second'), { answer: 'first' });
  assert.deepEqual(await recall(database, request('a'), codec), { answer: 'first' });
  assert.deepEqual(await recall(database, request('a', 'other body'), codec), { reused: true });
  assert.equal(await recall(database, request('a', 'h', 'another client'), codec), undefined);
});

test('a repeat that comes while the first still works waits and gets its answer', async () => {
  let repeat: Promise<unknown> | undefined;
  const first = await answerOnce('b', 'first', async () => {
    repeat = answerOnce('b', 'second');
  });
  assert.deepEqual([first, await repeat], [{ answer: 'first' }, { answer: 'first' }]);
});

test('a request that failed is free again', async () => {
  await assert.rejects(
    answerOnce('c', 'never', async () => {
      throw new Error('failed');
    }),
  );
  assert.deepEqual(await answerOnce('c', 'later'), { answer: 'later' });
});

test('a claimed request without an answer runs; forgotten it is free, answered it stays', async () => {
  await inTransaction(database, (tx) => claimRequest(tx, request('d'), 'test', codec));
  assert.deepEqual(await recall(database, request('d'), codec), { running: true });
  await inTransaction(database, (tx) => forgetRequest(tx, request('d')));
  assert.equal(await recall(database, request('d'), codec), undefined);
  await inTransaction(database, (tx) => forgetRequest(tx, request('a')));
  assert.deepEqual(await recall(database, request('a'), codec), { answer: 'first' });
});
