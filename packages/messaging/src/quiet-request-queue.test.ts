import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import './quiet-request-queue.ts';

type Queue = { pending: unknown[]; throttledUntil: number; checkPendingRequests(): void; destroy(): void };

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;
const quiet = { logger: { debug() {} }, maxInFlightRequests: 1, requestTimeout: 1_000 };

test('a connection on which no request waits sets no timer', (t) => {
  const timer = t.mock.method(globalThis, 'setTimeout');
  new RequestQueue(quiet).checkPendingRequests();
  assert.equal(timer.mock.callCount(), 0);
});

test('a request that waits for the broker to take more is looked at again', (t) => {
  const timer = t.mock.method(globalThis, 'setTimeout');
  const queue = new RequestQueue(quiet);
  queue.pending.push({});
  queue.throttledUntil = Date.now() + 10_000;
  queue.checkPendingRequests();
  queue.destroy();
  assert.equal(timer.mock.callCount(), 1);
});
