// What one prescription makes the databases do: counted, and explained.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { budget } from '@erx/hub/bench/budget';
import { forgetStatements, type SlowPlan, slowPlans } from '@erx/hub/bench/plans';
import { countStatements, idleBetween, readTraffic, trafficPer } from '@erx/hub/bench/traffic';
import { Allotment, cast, Director, importStock, plain, run, special } from '@erx/sandbox';
import { engines } from '@erx/testkit';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

const IDLE_MS = 12_000;
const CATCH_UP_MS = 3_000;
const COUNTED = 5;

/** Tables that do not grow with prescriptions. */
const SMALL: readonly string[] = ['read_copy', 'subscription'];

/** Served by a partial index; PostgreSQL remembers the statement without the constant that says so. */
const isPartial = ({ table, statement }: SlowPlan): boolean =>
  table === 'stock_move' && /stock_move\.kind <> \$\d/.test(statement);

let sandbox: SandboxInProcess;
let databases: string[];

before(
  async () => {
    sandbox = await startSandboxInProcess();
    databases = Object.values(sandbox.hub.databases);
    for (const url of databases) await forgetStatements(url);
  },
  { timeout: 200_000 },
);
after(() => sandbox?.[Symbol.asyncDispose]());

async function play(kinds: Parameters<typeof cast>[0], name: string): Promise<void> {
  const allotment = new Allotment(sandbox.world.pharmacies, {});
  const plays = cast(kinds, new Director(sandbox.world, allotment, name));
  await importStock(sandbox.authority, allotment.orders());
  await run(await sandbox.stage(), plays, 1, ({ expected, got }) => assert.equal(got, expected));
}

/** Every kind of play, on a machine that may have other things to do. */
const SLOW = { timeout: 400_000 };

test('no statement of any play reads a table that grows from end to end', SLOW, async () => {
  await play([plain, ...special], 'plans');
  const slow: SlowPlan[] = [];
  let explained = 0;
  for (const url of databases) {
    const found = await slowPlans(url);
    explained += found.explained;
    assert.deepEqual(found.unexplained, []);
    slow.push(...found.slow.filter((plan) => !SMALL.includes(plan.table) && !isPartial(plan)));
  }
  assert.ok(explained > 120, `${explained} statements`);
  assert.deepEqual(slow, []);
});

test('a plain lifecycle stays within its budget of statements, transactions and events', async () => {
  const read = () => readTraffic({ adminUrl: engines().adminUrl, databases });
  await countStatements(engines().adminUrl);
  const allotment = new Allotment(sandbox.world.pharmacies, {});
  const director = new Director(sandbox.world, allotment, 'cost');
  const plays = cast(Array(COUNTED + 1).fill(plain), director);
  await importStock(sandbox.authority, allotment.orders());
  const stage = await sandbox.stage();
  const [warmUp, ...counted] = plays;
  assert.ok(warmUp);
  await run(stage, [warmUp], 1, ({ expected, got }) => assert.equal(got, expected));
  await sleep(CATCH_UP_MS);
  const quiet = await read();
  await sleep(IDLE_MS);
  const idle = idleBetween(quiet, await read());
  const before = await read();
  await run(stage, counted, 1, ({ expected, got }) => assert.equal(got, expected));
  await sleep(CATCH_UP_MS);
  const per = trafficPer(before, await read(), COUNTED, idle);
  for (const [what, most] of Object.entries(budget)) {
    const spent = per[what as keyof typeof budget];
    assert.ok(spent > most / 2 && spent <= most, `${spent} ${what} a lifecycle, the budget has ${most}`);
  }
});
