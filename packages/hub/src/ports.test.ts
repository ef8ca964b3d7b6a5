import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { choosePorts } from './ports.ts';

test('ports are different, kept while free, and chosen anew when another program took one', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'erx-ports-'));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const first = await choosePorts(dataDir, ['postgres', 'kafka']);
  assert.notEqual(first.postgres, first.kafka);
  assert.deepEqual(await choosePorts(dataDir, ['postgres', 'kafka']), first);

  const other = createServer();
  await new Promise<void>((resolve) => other.listen(first.kafka, '127.0.0.1', resolve));
  t.after(() => other.close());
  const second = await choosePorts(dataDir, ['postgres', 'kafka']);
  assert.equal(second.postgres, first.postgres);
  assert.notEqual(second.kafka, first.kafka);
});
