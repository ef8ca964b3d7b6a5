import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceMark } from '../src/engines/leftovers.ts';
import { endProcesses, processesWithArgument } from '../src/process/find-processes.ts';

/** A supervisor with a guard and one program that stands for a service; `end` is what it does when told to leave. */
async function supervisor(t: TestContext, end: string) {
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'erx-guard-')));
  const mark = serviceMark(dataDir);
  const script = `
    import { spawn } from 'node:child_process';
    import { startGuard } from '${import.meta.resolve('../src/guard/start-guard.ts')}';
    const guard = startGuard('${dataDir}');
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '${mark}'], { stdio: 'ignore', detached: true });
    process.on('SIGTERM', async () => { ${end} });
    console.log('up');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await endProcesses(mark, [{ signal: 'SIGKILL', graceMs: 2_000 }]);
    rmSync(dataDir, { recursive: true, force: true });
  });
  await once(child.stdout, 'data');
  while (processesWithArgument(mark).length === 0) await sleep(20);
  return { child, running: () => processesWithArgument(mark).length };
}

test('what a killed supervisor ran is ended', async (t) => {
  const { child, running } = await supervisor(t, '');
  child.kill('SIGKILL');
  while (running() > 0) await sleep(50);
});

test('a supervisor that leaves in order has nothing ended behind its back', async (t) => {
  const { child, running } = await supervisor(t, 'await guard[Symbol.asyncDispose](); process.exit(7);');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [7, null]);
  await sleep(1_500); // longer than a guard would need
  assert.equal(running(), 1);
});
