import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openDatabase } from '@erx/postgres';
import { Allotment, cast, Director, importStock, plain, run, special } from '@erx/sandbox';
import { reseal } from '@erx/verification/reseal';
import { booksOf } from '../src/books-of.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

let sandbox: SandboxInProcess;
before(async () => {
  sandbox = await startSandboxInProcess();
});
after(() => sandbox?.[Symbol.asyncDispose]());

const named = (...names: string[]) => special.filter(({ name }) => names.includes(name));

test('hub keys change again and again during plays, each former one is removed, and every play ends as it must', async () => {
  const { hub, world, authority } = sandbox;
  const allotment = new Allotment(world.pharmacies, {});
  const kinds = [plain, ...named('agent-collects', 'two-visits', 'wrong-person', 'reversed-in-stock')];
  const plays = cast([...kinds, ...kinds, ...kinds], new Director(world, allotment, 'e2e/reseal'));
  await importStock(authority, allotment.orders());
  const done = new AbortController();
  const used = new Set<string>();
  const resealing = resealUntil(done.signal, hub, used);
  await run(await sandbox.stage(), plays, 4, ({ expected, got }) => assert.equal(got, expected));
  done.abort();
  await resealing;
  assert.ok(used.size > 1, 'at least two hub keys were used');
  const { balanced, lines } = await booksOf(hub);
  assert.ok(balanced, lines.join('\n'));
});

async function resealUntil(done: AbortSignal, hub: SandboxInProcess['hub'], used: Set<string>): Promise<void> {
  const database = openDatabase(hub.databases.verification, 2, 'reseal');
  const keyFile = hub.wrapKeyFile;
  try {
    while (!done.aborted || used.size < 2) {
      const former: string[] = [];
      const replaceKey = (path: string): void => {
        copyFileSync(keyFile, path);
        former.push(path);
        writeFileSync(`${keyFile}.new`, randomBytes(32));
        renameSync(`${keyFile}.new`, keyFile);
      };
      used.add(
        await reseal({ database, keyFile, replaceKey, batch: 50, signal: AbortSignal.timeout(60_000), report() {} }),
      );
      for (const file of former) rmSync(file);
    }
  } finally {
    await database.close();
  }
}
