import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeFlags } from '../src/node-flags.ts';

const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
const home = realpathSync(mkdtempSync(join(tmpdir(), 'erx-leaks-')));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

test('after a demo nothing that the hub wrote holds a name, number, phone or secret of the hub, and a planted one is found in every place', {
  timeout: 900_000,
}, async () => {
  const { ERX_POSTGRES_URL: _postgres, ERX_KAFKA_BROKERS: _kafka, ...env } = process.env;
  const child = spawn(process.execPath, [...nodeFlags, cli, 'leak-check', '--prescriptions', '30'], {
    env: { ...env, NODE_OPTIONS: '', ERX_DATA_DIR: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  assert.equal(code, 0, output);
  assert.match(output.trimEnd().split('\n').at(-1) ?? '', /no secret and nothing personal of 500 persons/);
});
