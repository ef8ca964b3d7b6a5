import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepAlive, untilServing } from '../src/process/keep-alive.ts';

const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });

test('a killed process is started again until it is stopped', async () => {
  let changes = 0;
  const kept = keepAlive({
    start: sleeper,
    ready: async () => {},
    onChange: () => {
      changes += 1;
    },
  });
  await kept.ready;
  const first = kept.pid;
  assert.ok(first !== undefined);
  assert.equal(kept.serving, true);
  process.kill(first, 'SIGKILL');
  while (kept.pid === first) await sleep(5);
  assert.equal(kept.serving, false);
  while (!kept.serving) await sleep(20);
  assert.notEqual(kept.pid, first);
  assert.equal(changes, 3); // started, gone, started
  await kept.stop('SIGTERM', 2_000);
  assert.equal(kept.pid, undefined);
});

test('a first start that ends before it serves is told, not tried again', async () => {
  let starts = 0;
  const kept = keepAlive({
    start: () => {
      starts += 1;
      return spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    },
    ready: () => new Promise(() => {}),
    onChange: () => {},
    firstStartFailed: () => new Error('ended'),
  });
  await assert.rejects(kept.ready, /ended/);
  assert.equal(starts, 1);
});

test('a program that does not exist is a failed start', async () => {
  const kept = keepAlive({
    start: () => spawn('/nonexistent/program'),
    ready: () => new Promise(() => {}),
    onChange: () => {},
    firstStartFailed: () => new Error('ended'),
  });
  await assert.rejects(kept.ready, /ended/);
});

test('one that is asked to end before it serves is stopped at once', async () => {
  const end = new AbortController();
  const kept = keepAlive({ start: sleeper, ready: () => new Promise(() => {}), onChange: () => {} });
  const serving = untilServing(kept, { signal: end.signal, stopBy: 'SIGTERM', graceMs: 2_000 });
  end.abort(new Error('enough'));
  await assert.rejects(serving, /enough/);
  assert.equal(kept.pid, undefined);
});
