// Databases that the bench has filled: to the hub they are as if everything in them had been lived.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyLog } from '@erx/audit/verify-log';
import { type Multiplier, openMultiplier } from '@erx/hub/bench/multiply';
import { filled } from '@erx/hub/bench/tables';
import { openDatabase } from '@erx/postgres';
import { Allotment, cast, Director, importStock, plain, run } from '@erx/sandbox';
import { engines, secretFile } from '@erx/testkit';
import { booksOf } from '../src/books-of.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

const LIVED = 3;
const COPIES = 15;

/** What a lifecycle writes beside its own rows: it follows from others, ends by time, or counts. */
const APART: readonly string[] = [
  'audit.log_checkpoint',
  'audit.log_tile',
  'gateway.oidc_record',
  'issuing.number_block',
  'traceability.stock',
  'traceability.stock_change',
];

let sandbox: SandboxInProcess;
let multiplier: Multiplier;
const allotments: Allotment[] = [];

before(
  async () => {
    sandbox = await startSandboxInProcess();
  },
  { timeout: 200_000 },
);
after(async () => {
  await multiplier?.[Symbol.asyncDispose]();
  await sandbox?.[Symbol.asyncDispose]();
});

async function live(count: number): Promise<void> {
  const allotment = new Allotment(sandbox.world.pharmacies, allotments.at(-1)?.shelf ?? {});
  const plays = cast(Array(count).fill(plain), new Director(sandbox.world, allotment, `growth ${allotments.length}`));
  allotments.push(allotment);
  await importStock(sandbox.authority, allotment.orders());
  await run(await sandbox.stage(), plays, 1, ({ expected, got }) => assert.equal(got, expected));
  await sleep(3_000);
}

async function countRows(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [service, url] of Object.entries(sandbox.hub.databases)) {
    const { sql, close } = openDatabase(url, 1, 'growth');
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
    for (const { name } of tables) {
      const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from ${sql(name)}`;
      counts.set(`${service}.${name}`, row?.count ?? 0);
    }
    await close();
  }
  return counts;
}

test('every table that a lifecycle adds to is one that the bench fills', async () => {
  await live(1);
  const earlier = await countRows();
  await live(LIVED - 1);
  const grown = [...(await countRows())].filter(([name, count]) => count > (earlier.get(name) ?? 0));
  const known = Object.entries(filled).flatMap(([service, { tables }]) =>
    tables.map(({ name }) => `${service}.${name}`),
  );
  assert.ok(grown.length > 30);
  assert.deepEqual(
    grown.map(([name]) => name).filter((name) => !known.includes(name) && !APART.includes(name)),
    [],
  );
});

test('prescriptions that were multiplied are there with everything that belongs to them', async () => {
  multiplier = await openMultiplier({
    adminUrl: engines().adminUrl,
    databases: sandbox.hub.databases,
    copies: () => COPIES,
  });
  assert.equal(multiplier.lived, LIVED);
  const earlier = await countRows();
  const { signal } = new AbortController();
  await multiplier.copy(0, 5, signal);
  await multiplier.copy(5, COPIES, signal);
  const later = await countRows();
  const added = (name: string): number => (later.get(name) ?? 0) - (earlier.get(name) ?? 0);
  assert.equal(added('dispensing.prescription'), LIVED * COPIES);
  assert.equal(added('issuing.prescription'), LIVED * COPIES);
  assert.equal(added('traceability.trace_code'), 10 * LIVED * COPIES);
  assert.equal(added('audit.entry'), added('audit.log_leaf'));
  for (const [service, { tables }] of Object.entries(filled)) {
    for (const { name } of tables) {
      const had = earlier.get(`${service}.${name}`) ?? 0;
      if (had > 0 && name !== 'remote_filing') assert.ok(added(`${service}.${name}`) > 0, `${service}.${name}`);
    }
  }
});

test('the books of multiplied prescriptions balance and their log is sound, also after the next lifecycle', async () => {
  await live(1);
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.ok(balanced, lines.join('\n'));
  const elsewhere = mkdtempSync(join(tmpdir(), 'erx-log-'));
  const { sql, close } = openDatabase(sandbox.hub.databases.audit, 1, 'growth');
  const { findings } = await verifyLog(sql, secretFile('log.keys'), elsewhere);
  await close();
  rmSync(elsewhere, { recursive: true });
  assert.deepEqual(findings, []);
});
