import assert from 'node:assert/strict';
import test from 'node:test';
import { refuse } from '@erx/errors';
import { openQuotas } from './quotas.ts';

function atNoon() {
  let ms = 0;
  const quotas = openQuotas({ perSecond: 2, burst: 4 }, { perSecond: 1, burst: 3 }, () => ms);
  return { quotas, wait: (seconds: number) => (ms += seconds * 1_000) };
}
const codes = (refused: ReturnType<ReturnType<typeof openQuotas>['admit']>) => refused?.refused.map(({ code }) => code);

test('GJ-6b a client that asks more than its share is refused, gets it back with time, and takes nothing from others', () => {
  const { quotas, wait } = atNoon();
  for (let index = 0; index < 4; index += 1) assert.equal(quotas.admit('a', 'stock.read'), undefined);
  assert.deepEqual(codes(quotas.admit('a', 'stock.read')), ['TOO_MANY_REQUESTS']);
  assert.equal(quotas.admit('b', 'stock.read'), undefined);
  assert.deepEqual(quotas.leftOf('a'), { perSecond: 2, burst: 4, left: 0 });
  wait(1);
  assert.equal(quotas.leftOf('a').left, 2);
  assert.equal(quotas.admit('a', 'stock.read'), undefined);
  wait(3_600);
  assert.equal(quotas.leftOf('a').left, 4, 'never more than the burst');
});

test('GJ-6b whoever tries out numbers is slowed at that, and at nothing else', () => {
  const { quotas, wait } = atNoon();
  const wrong = refuse('GRANT_INVALID');
  assert.deepEqual(
    [1, 2, 3].map(() => quotas.isLastGuess('a', 'prescription.find', wrong)),
    [false, false, true],
  );
  assert.deepEqual(codes(quotas.admit('a', 'prescription.find')), ['TOO_MANY_REQUESTS']);
  assert.equal(quotas.admit('a', 'stock.read'), undefined);
  assert.equal(quotas.admit('b', 'prescription.find'), undefined);
  wait(1);
  assert.equal(quotas.admit('a', 'prescription.find'), undefined);
  assert.equal(quotas.isLastGuess('a', 'prescription.find', refuse('QTY_OVER_LIMIT')), false, 'no guess');
});
