import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { engines } from '@erx/testkit';
import { nodeFlags } from '../src/node-flags.ts';
import { serviceNames } from '../src/services.ts';
import { serviceEnvironment } from '../src/supervisor/service-environment.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const home = realpathSync(mkdtempSync(join(tmpdir(), 'erx-prints-')));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const SECRET = 'Geheim7Wort';
/** A place where nobody answers. */
const NOWHERE = '127.0.0.1:1';

/** What a program prints until it ends, and what it leaves in its logs. */
async function printsOf(script: string, args: readonly string[], env: Record<string, string>) {
  const dataDir = mkdtempSync(join(home, 'data-'));
  const child = spawn(process.execPath, [...nodeFlags, join(root, script), ...args], {
    env: { PATH: process.env['PATH'], NODE_OPTIONS: '', ERX_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += piece));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.log')) text += readFileSync(join(entry.parentPath, entry.name), 'utf8');
  }
  return { code, text };
}

const printed = [SECRET, Buffer.from(SECRET).toString('base64').slice(0, 14), Buffer.from(SECRET).toString('hex')];
function hidesIt({ text }: { text: string }, what: string): void {
  assert.notEqual(text, '', `${what} says something`);
  for (const form of printed) assert.ok(!text.includes(form), `${what} printed the secret:\n${text}`);
}

test('a command that cannot read the address of an engine says so without the password in it', async () => {
  for (const address of [`postgres://admin:${SECRET}@nowhere:port/postgres`, SECRET]) {
    for (const command of ['provision', 'books', 'hub']) {
      const env = { ERX_POSTGRES_URL: address, ERX_KAFKA_BROKERS: engines().brokers.join(',') };
      const outcome = await printsOf('packages/hub/src/cli.ts', [command], env);
      assert.notEqual(outcome.code, 0);
      hidesIt(outcome, command);
    }
  }
});

test('doctor prints no password of an engine', async () => {
  const env = { ERX_POSTGRES_URL: `postgres://admin:${SECRET}@${NOWHERE}/postgres`, ERX_KAFKA_BROKERS: NOWHERE };
  hidesIt(await printsOf('scripts/erx.mjs', ['doctor'], env), 'doctor');
});

test('a service that cannot use its settings or its keys ends, and shows neither', async () => {
  const folder = join(home, 'secrets');
  mkdirSync(folder);
  for (const name of serviceNames) {
    const around = {
      databases: Object.fromEntries(serviceNames.map((each) => [each, `postgres://${each}:${SECRET}@${NOWHERE}/x`])),
      brokers: [NOWHERE],
      tls: folder,
      secrets: folder,
      listen: () => '127.0.0.1:0',
      internal: () => '127.0.0.1:0',
      address: () => NOWHERE,
      http: '127.0.0.1:0',
    };
    const env = serviceEnvironment(name, around as never);
    for (const setting of Object.keys(env).filter((each) => each.endsWith('_FILE'))) {
      writeFileSync(env[setting] ?? '', SECRET);
    }
    const start = (more: Record<string, string>) =>
      printsOf(`services/${name}/src/main.ts`, [], { ...env, ERX_LOG_LEVEL: 'trace', ...more });
    const wrong = await start({ ERX_DATABASE_CONNECTIONS: SECRET });
    assert.equal(wrong.code, 1);
    hidesIt(wrong, name);
    assert.match(wrong.text, /ERX_DATABASE_CONNECTIONS/);
    const malformed = await start({ ERX_DATABASE_URL: `postgres://${name}:${SECRET}@nowhere:port/x` });
    assert.equal(malformed.code, 1);
    hidesIt(malformed, name);
  }
});
