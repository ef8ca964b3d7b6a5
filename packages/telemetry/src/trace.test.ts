import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inSpan } from './span.ts';
import { continueOrBegin, currentTraceId, currentTraceparent, withTraceparent } from './trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CAME = `00-${TRACE}-00f067aa0ba902b7-01`;

test('without the SDK a traceparent is passed on as it came, through spans and over every wait', async () => {
  assert.equal(currentTraceparent(), undefined);
  await withTraceparent(CAME, () =>
    inSpan('server', 'work', {}, async () => {
      await sleep(1);
      assert.equal(currentTraceparent(), CAME);
      assert.equal(currentTraceId(), TRACE);
    }),
  );
  assert.equal(currentTraceparent(), undefined);
});

test('what is no traceparent is ignored: its text goes no further', () => {
  for (const text of [
    '',
    'x',
    `${CAME}0`,
    `01${CAME.slice(2)}`,
    CAME.toUpperCase(),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  ]) {
    assert.equal(withTraceparent(text, currentTraceparent), undefined, text);
  }
});

test('the door begins a trace under the id of its request, and goes on with one that came', () => {
  const [other, begun] = ['0af7651916cd43dd8448eb211c80319c', /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/];
  assert.match(continueOrBegin(undefined, other, currentTraceparent) ?? '', begun);
  assert.match(continueOrBegin('nonsense', other, currentTraceparent) ?? '', begun);
  assert.equal(continueOrBegin(CAME, other, currentTraceparent), CAME);
});

test('a span hands out what its work answers and what it throws', async () => {
  assert.equal(await inSpan('client', 'work', {}, async () => 1), 1);
  await assert.rejects(
    inSpan('client', 'work', {}, () => Promise.reject(new Error('no'))),
    /no/,
  );
});
