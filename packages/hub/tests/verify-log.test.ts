import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Database, openDatabase } from '@erx/postgres';
import { engines } from '@erx/testkit';
import { readLogFile } from '../../../services/audit/src/queries/read-log-file.ts';
import { signedTree } from '../../../services/audit/tests/log-support.ts';
import { startTestAudit, viewed } from '../../../services/audit/tests/support.ts';
import { claimFolder } from '../src/engines/claim-folder.ts';
import { nodeFlags } from '../src/node-flags.ts';
import { openDataDir } from '../src/paths.ts';
import { perService } from '../src/services.ts';
import { writeHubFile } from '../src/supervisor/hub-file.ts';

const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');

/** 300 leaves: one full tile, and 44 at the edge. Each is undone by the statements after it. */
const attacks: { name: string; done: string[]; undone: string[]; says: RegExp }[] = [
  {
    name: 'a flipped bit',
    done: ['update entry set value = set_byte(value, 0, get_byte(value, 0) # 1) where event_id = :17'],
    undone: ['update entry set value = set_byte(value, 0, get_byte(value, 0) # 1) where event_id = :17'],
    says: /✗ log \S+, index 17: event and leaf differ/,
  },
  {
    name: 'a swapped order',
    done: [
      'update log_leaf set index = index + 1000 where index in (60, 61)',
      'update log_leaf set index = case index when 1060 then 61 else 60 end where index in (1060, 1061)',
    ],
    undone: [
      'update log_leaf set index = index + 1000 where index in (60, 61)',
      'update log_leaf set index = case index when 1060 then 61 else 60 end where index in (1060, 1061)',
    ],
    says: /✗ log \S+, index 60: /,
  },
  {
    name: 'a re-used index',
    done: [
      'alter table log_leaf drop constraint log_leaf_pk',
      'create table moved as select event_id from log_leaf where index = 71',
      'update log_leaf set index = 70 where index = 71',
    ],
    undone: ['update log_leaf set index = 71 where event_id in (select event_id from moved)'],
    says: /✗ log \S+, index 70: the index was given to two leaves/,
  },
  {
    name: 'a removed row',
    done: ['delete from log_leaf where index = 41'],
    undone: [],
    says: /✗ log \S+, index 41: the leaf is missing/,
  },
];

describe('npm run verify-log', () => {
  const dataDir = openDataDir(realpathSync(mkdtempSync(join(tmpdir(), 'erx-verify-log-'))));
  const stack = new AsyncDisposableStack();
  let database: Database;
  before(async () => {
    const audit = stack.use(await startTestAudit());
    await audit.publish(Array.from({ length: 300 }, (_, n) => viewed(`p${n % 7}`, String(n))));
    await signedTree(audit, 300);
    await audit.stop();
    const url = audit.env.ERX_DATABASE_URL;
    database = stack.adopt(openDatabase(url, 1, 'test'), (it) => it.close());
    // A living hub, as far as the command looks at one.
    stack.use(await claimFolder(dataDir));
    const secrets = join(dataDir, 'secrets');
    cpSync(engines().secrets, secrets, { recursive: true });
    cpSync(audit.env.ERX_LOG_DIR, join(dataDir, 'audit-log'), { recursive: true });
    writeHubFile(dataDir, {
      state: 'ready',
      pid: process.pid,
      startedAt: new Date().toISOString(),
      gateway: { url: '' },
      processes: {},
      adminUrl: '',
      databases: perService(() => url),
      brokers: [],
      grpc: perService(() => ''),
      internal: perService(() => ''),
      tls: '',
      secrets,
    });
  });
  after(async () => {
    await stack.disposeAsync();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  const attacked = (statements: readonly string[]) =>
    database.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      for (const statement of statements)
        await tx.unsafe(statement.replace(/:(\d+)/, '(select event_id from log_leaf where index = $1)'));
    });

  test('GJ-6e a whole log: exit code 0, with its size', async () => {
    const { code, output } = await verifyLog();
    assert.equal(code, 0, output);
    assert.match(output, /^log \S+: 300 entries, \d+ checkpoints agree with the record\nthe log is sound$/m);
  });

  const waiting = { witnesses: [], machine: () => new Date() };

  test('GJ-6e --url: a whole log from what everybody is served, and each changed file of it is named', async () => {
    const served = new Map<string, Buffer>();
    await using server = await serveLog(async (path) => {
      if (served.has(path)) return served.get(path);
      const { content } = await readLogFile(database.sql, waiting, { logId: 0, path });
      return content && Buffer.from(content);
    });
    const ask = (...more: string[]) => verifyLog('--url', server.url, ...more);
    const whole = await ask();
    assert.equal(whole.code, 0, whole.output);
    assert.match(whole.output, /^log \S+: 300 entries, tiles and the signed tree agree\nthe log is sound$/m);
    for (const path of ['tile/0/000', 'tile/0/001.p/44', 'tile/entries/000', 'tile/entries/001.p/44']) {
      const { content } = await readLogFile(database.sql, waiting, { logId: 0, path });
      const spoilt = Buffer.from(content ?? []);
      spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
      served.set(path, spoilt);
      const { code, output } = await ask();
      served.clear();
      assert.equal(code, 1, path);
      assert.match(output, /the log is NOT sound/, path);
    }
    const witness = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const missing = await ask('--witness', witness);
    assert.equal(missing.code, 1);
    assert.match(missing.output, /PeterNeumann has not cosigned the checkpoint of 300 leaves/);
  });

  for (const { name, done, undone, says } of attacks) {
    test(`GJ-6e ${name}: exit code 1, and the index is named`, async () => {
      await attacked(done);
      const { code, output } = await verifyLog();
      await attacked(undone);
      assert.equal(code, 1, output);
      assert.match(output, says);
      assert.match(output, /the log is NOT sound/);
    });
  }

  async function verifyLog(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [...nodeFlags, cli, 'verify-log', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ERX_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }
});

/** What the gateway serves under /v1/audit/log. */
async function serveLog(
  read: (path: string) => Promise<Buffer | undefined>,
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(async (request, response) => {
    const content = await read((request.url ?? '').slice(1));
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
