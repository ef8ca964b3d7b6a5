import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { purge } from '@erx/messaging';
import { openDatabase } from '@erx/postgres';
import { eventually } from '@erx/testkit';
import { decodeEntries, isInvalid, openCheckpoint, parseVerifierKey, tilePath, tileWidth } from '@erx/tlog';
import postgres from 'postgres';
import { keyTableFiles, openKeyDatabase } from '../src/backup/key-table.ts';
import { clusterPath, keysBeside } from '../src/backup/layout.ts';
import { type Books, runBooks } from '../src/books/main.ts';
import { isClaimed } from '../src/engines/claim-folder.ts';
import { existingData } from '../src/engines/postgres/home.ts';
import { removePostgresData } from '../src/engines/postgres.ts';
import { nodeFlags } from '../src/node-flags.ts';
import { hubFilePath } from '../src/paths.ts';
import { choosePorts } from '../src/ports.ts';
import { type HubFile, readHubFile } from '../src/supervisor/hub-file.ts';
import { openPatients, type Patient } from './patients.ts';

const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
const home = realpathSync(mkdtempSync(join(tmpdir(), 'erx-backup-')));
const [dataDir, folder] = [join(home, 'data'), join(home, 'backup')];
const file = hubFilePath(dataDir);
const { port } = await choosePorts(home, ['port']);

let hub: ChildProcess | undefined;
after(async () => {
  if (hub?.exitCode === null && hub.signalCode === null) {
    const gone = once(hub, 'exit');
    hub.kill('SIGTERM');
    await gone;
  }
  await eventually(async () => !(await isClaimed(dataDir)), 60_000);
  removePostgresData(dataDir);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test('GJ-6b a backup of the living hub, whose outboxes were purged, restored into an empty folder, has every sale answered before it and sells on', {
  timeout: 480_000,
}, async (context) => {
  hub = run('hub');
  const before = await untilReady();
  assert.equal((await ended(run('demo', '--prescriptions', '20'))).code, 0);
  const answers = JSON.parse(readFileSync(join(dataDir, 'demo-report.json'), 'utf8')).saleAnswers;
  assert.ok(answers.length > 5);
  const keys = await wrappedKeys(before);
  const served = await openPatients(before).served();

  await purgeOutboxes(before);

  const plays = run('demo', '--prescriptions', '200', '--seed', '2');
  await eventually(async () => (await saleCount(before)) > answers.length + 3, 60_000);
  const made = await ended(run('backup', '--to', folder));
  assert.equal(made.code, 0, made.output);
  assert.equal(plays.exitCode, null, 'the plays went on all the while');
  await saysNoKey(keys);

  const refused = await ended(run('restore', '--from', folder));
  assert.match(refused.output, /already lives/);
  plays.kill('SIGTERM');
  await ended(plays);
  const [erased, other] = await eraseOne(before, served);
  const erasures = join(home, 'erasures.txt');
  copyFileSync(join(before.secrets, 'erasures.txt'), erasures);
  hub.kill('SIGKILL');
  await eventually(async () => !(await isClaimed(dataDir)), 60_000);
  await eventually(async () => !(await isAlive(before)), 60_000);
  const notEmpty = await ended(run('restore', '--from', folder));
  assert.match(notEmpty.output, /not empty/);
  removePostgresData(dataDir);
  const checkpoint = join(home, 'last-checkpoint');
  copyFileSync(join(dataDir, 'audit-log', 'checkpoint'), checkpoint);
  rmSync(dataDir, { recursive: true });

  const known = ['--from', folder, '--checkpoint', checkpoint, '--erasures', erasures];
  const restored = await ended(run('restore', ...known));
  assert.equal(restored.code, 0, restored.output);
  hub = run('hub');
  const again = await untilReady();
  await context.test(
    'GX-3k a restore of a backup older than a deletion does it again: the person opens for nobody, others open',
    async () => {
      const patients = openPatients(again);
      assert.equal(await patients.nameOf(erased.patient), 'PERSONAL_DATA_ERASED');
      assert.equal(await patients.nameOf(other.patient), other.name);
      await using sql = open(again.databases.verification);
      const events = await sql.client`select from outbox where type = 'erx.verification.v1.PersonErased'`;
      assert.equal(events.length, 1, 'and is on record, although the backup knew nothing of it');
      // The plays that follow may need this person; what was sealed before stays closed.
      await patients.importAnew(erased.name);
      assert.equal(await patients.nameOf(erased.patient), 'PERSONAL_DATA_ERASED');
    },
  );
  await followsTheLogOf(checkpoint);
  const verified = await ended(run('verify-log'));
  assert.equal(verified.code, 0, verified.output);
  const books: Books = await runBooks(file, answers);
  assert.ok(books.balanced, books.lines.join('\n'));
  const onward = await ended(run('demo', '--prescriptions', '20', '--seed', '3'));
  assert.equal(onward.code, 0, onward.output);
});

function run(...args: string[]): ChildProcess {
  const { ERX_POSTGRES_URL: _postgres, ERX_KAFKA_BROKERS: _kafka, ...env } = process.env;
  return spawn(process.execPath, [...nodeFlags, cli, ...args], {
    env: { ...env, NODE_OPTIONS: '', ERX_DATA_DIR: dataDir, ERX_HTTP_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

function untilReady(): Promise<HubFile> {
  let output = '';
  for (const stream of [hub?.stdout, hub?.stderr]) stream?.on('data', (text) => (output += text));
  return eventually(async () => {
    if (hub?.exitCode !== null) throw new Error(output);
    const found = readHubFile(file);
    return found?.state === 'ready' && found.pid === hub.pid ? found : undefined;
  }, 180_000);
}

/** Deletes a patient for good, once nothing is retained any more, and none before; the name of somebody else is kept. */
async function eraseOne(living: HubFile, [patient, bystander]: Patient[]) {
  const patients = openPatients(living);
  assert.ok(patient !== undefined && bystander !== undefined);
  const named = async (who: typeof patient) => ({ patient: who, name: await patients.nameOf(who) });
  const [one, other] = [await named(patient), await named(bystander)];
  assert.ok(/\p{Script=Han}/u.test(one.name) && /\p{Script=Han}/u.test(other.name), 'both open before');
  assert.equal(await patients.erase(patient), 'RETENTION_NOT_ELAPSED');
  await patients.setClock(new Date(Date.now() + 40 * 365 * 24 * 60 * 60 * 1000).toISOString());
  assert.equal(await patients.erase(patient), undefined);
  assert.equal(await patients.nameOf(patient), 'PERSONAL_DATA_ERASED');
  return [one, other] as const;
}

/** As when all of it had happened longer ago than topics remember. */
async function purgeOutboxes({ databases }: HubFile): Promise<void> {
  const later = new Date(Date.now() + 91 * 24 * 60 * 60 * 1000);
  for (const url of Object.values(databases)) {
    const { sql, close } = openDatabase(url, 1, 'purge');
    while (await purge(sql, later));
    await close();
  }
}

async function saleCount({ databases }: HubFile): Promise<number> {
  await using sql = open(databases.dispensing);
  const [row] = await sql.client<{ n: number }[]>`select count(*)::int as n from sale`;
  return row?.n ?? 0;
}

function open(url: string) {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  return { client, [Symbol.asyncDispose]: () => client.end({ timeout: 1 }) };
}

/** The log of the lost hub is signed no further: a new one begins with its last checkpoint, and its key is told. */
async function followsTheLogOf(checkpoint: string): Promise<void> {
  const last = readFileSync(checkpoint, 'utf8');
  const [origin = ''] = last.split('\n', 1);
  const url = `http://127.0.0.1:${port}/v1/audit`;
  const read = async (path: string) => Buffer.from(await (await fetch(`${url}/${path}`)).arrayBuffer());
  const signed = await eventually(async () => {
    const key = parseVerifierKey(readHubFile(file)?.audit?.verifierKey ?? '');
    const opened = isInvalid(key) ? key : openCheckpoint((await read('log/checkpoint')).toString(), [key]);
    return isInvalid(opened) ? undefined : opened.checkpoint;
  }, 60_000);
  assert.ok(signed.origin.startsWith(`${origin}/`), signed.origin);
  const width = tileWidth(signed.size, 'entries', 0);
  const [first = new Uint8Array()] =
    decodeEntries(await read(`log/${tilePath({ level: 'entries', index: 0, width })}`)) ?? [];
  assert.equal(new TextDecoder().decode(first), last);
  const ended = (await read('logs/1/checkpoint')).toString();
  const size = (note: string): number => Number(note.split('\n')[1]);
  assert.equal(ended.split('\n', 1)[0], origin);
  assert.ok(size(ended) < size(last), 'what was signed after the backup is gone, and known to be gone');
}

/** Wrapped keys that stand in the table's files on disk by now. */
async function wrappedKeys({ adminUrl }: HubFile): Promise<Buffer[]> {
  const sql = openKeyDatabase(adminUrl);
  try {
    await sql`analyze person_key`;
    await sql`checkpoint`;
    const rows = await sql<{ wrapped: Buffer }[]>`
      select wrapped from person_key where wrapped is not null order by created_at limit 50`;
    const files = (await keyTableFiles(sql)).map((path) => readFileSync(join(existingData(dataDir) ?? '', path)));
    const found = rows.map(({ wrapped }) => Buffer.from(wrapped));
    assert.ok(
      found.length > 0 && found.every((key) => files.some((content) => content.includes(key))),
      'the search finds what is there',
    );
    return found;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function saysNoKey(keys: Buffer[]): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    assert.ok(!keys.some((key) => content.includes(key)), `${path} holds a wrapped person key`);
  }
  assert.ok(readdirSync(keysBeside(folder)).includes('person-keys.copy'));
  assert.ok(readdirSync(clusterPath(folder)).includes('backup_label'));
}

async function isAlive({ processes }: HubFile): Promise<boolean> {
  return Object.values(processes).some((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  });
}
