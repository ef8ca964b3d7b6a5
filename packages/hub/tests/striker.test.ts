import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { strikeAll } from '../src/chaos/striker.ts';
import { keepAlive } from '../src/process/keep-alive.ts';

test('what a plan names is killed at its moment, also twice, and the time to serve again is measured', async () => {
  const kept = keepAlive({
    start: () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }),
    ready: async () => {},
    onChange: () => {},
  });
  await kept.ready;
  const said: string[] = [];
  const kills = await strikeAll({
    strikes: [
      { atMs: 10, victims: ['a'] },
      { atMs: 600, victims: ['a', 'nobody'] },
    ],
    kept: new Map([['a', kept]]),
    playsInFlight: () => 3,
    onKill: ({ process: name }) => said.push(name),
    signal: new AbortController().signal,
  });
  assert.deepEqual(said, ['a', 'a']);
  assert.deepEqual(
    kills.map(({ process: name, playsInFlight }) => [name, playsInFlight]),
    [
      ['a', 3],
      ['a', 3],
    ],
  );
  for (const { recovered } of kills) assert.ok(recovered !== undefined && recovered > 0 && recovered < 10);
  await kept.stop('SIGKILL', 1_000);
});
