import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngines } from '@erx/hub';

/** Engines for the tests of this process alone, which will do to them what other tests could not stand. */
export async function startOwnEngines(): Promise<AsyncDisposable> {
  const dataDir = mkdtempSync(join(tmpdir(), 'erx-own-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const { adminUrl, databases, brokers, tls, secrets } = stack.use(await startEngines(dataDir, { isBrief: true }));
  const file = join(dataDir, 'engines.json');
  writeFileSync(file, JSON.stringify({ adminUrl, databases, brokers, tls, secrets }));
  process.env['ERX_TEST_ENGINES'] = file;
  return stack.move();
}
