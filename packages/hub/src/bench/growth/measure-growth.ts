import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../commands/context.ts';
import { ensureWorld, runSandbox } from '../../commands/sandbox.ts';
import { type HubFile, readHubFile } from '../../supervisor/hub-file.ts';
import { startHub } from '../../supervisor/start-hub.ts';
import { connect } from '../connect.ts';
import { measureUnder } from '../measure-under.ts';
import { measureParts } from '../parts.ts';
import { forgetStatements, type SlowPlan, wholeReads } from '../plans.ts';
import { runLoad, type StepTimes } from '../run-load.ts';
import { countStatements } from '../traffic.ts';
import { asAdmin } from './as-admin.ts';
import { PER_PERSON } from './mapping.ts';
import { openMultiplier } from './multiply.ts';
import { bytesEach, readSizes, type Sizes } from './sizes.ts';
import { readStatementCosts, type StatementCosts } from './statement-costs.ts';

/** Lifecycles that are lived and then multiplied. */
const LIVED = 20;
const TRIAL = { most: 900, warmUp: 20, seconds: 15 };
const WARM_UP = 20;
const PART_SECONDS = 10;
const CATCH_UP_MS = 3_000;
/** A small demo, so that the statements of every kind of play are explained too. */
const DEMO = ['--prescriptions', '50'];
/** A table of fewer rows may be read whole. */
const LEAST_ROWS = 10_000;

export type AtSize = {
  /** That were there before the load. */
  prescriptions: number;
  /** In the log, when its receipts and chains were asked for. */
  entries: number;
  fillSeconds: number;
  bytesPerPrescription: Sizes;
  steps: StepTimes;
  /** CPU milliseconds of one lifecycle, by process: other work on the machine disturbs it less than it does times. */
  cpuMs: Record<string, number>;
  statements: StatementCosts;
  /** Statements explained, and those that read a table of at least 10⁴ rows from end to end. */
  explained: number;
  wholeReads: SlowPlan[];
  unexplained: string[];
};

export type Growth = { lifecyclesPerSecond: number; sizes: AtSize[] };

type Options = Context & { httpPort: number; seconds: number; concurrency: number; sizes: number[] };

/**
 * The same load at half of the capacity on databases that hold more and more prescriptions: what some lifecycles left,
 * multiplied. The data folder must be new.
 */
export async function measureGrowth(options: Options): Promise<Growth> {
  const { dataDir, httpPort, seconds, concurrency, sizes, progress, signal } = options;
  await using hub = await startHub({ dataDir, httpPort, isBrief: true, progress, signal });
  await ensureWorld(options);
  hub.announce();
  const file = readHubFile(hub.file);
  if (file === undefined) throw new Error('a living hub has its file');
  const { adminUrl, databases } = file;
  await countStatements(adminUrl);
  await runLoad(hub.file, { most: LIVED, warmUp: 1, seconds: 600, concurrency: 1 }, signal);
  await sleep(CATCH_UP_MS);
  const copiesFor = (prescriptions: number, lived: number): number =>
    Math.ceil(prescriptions / lived / PER_PERSON) * PER_PERSON;
  const copies = (lived: number): number => copiesFor(sizes.at(-1) ?? 0, lived);
  await using multiplier = await openMultiplier({ adminUrl, databases, copies });
  progress('a first trial');
  const trial = await runLoad(hub.file, { ...TRIAL, concurrency }, signal);
  const perSecond = trial.lifecycles / trial.seconds / 2;

  const measured: AtSize[] = [];
  let [copied, before] = [0, await settledSizes(file, signal)];
  for (const size of sizes) {
    const goal = copiesFor(size, multiplier.lived);
    const prescriptions = goal * multiplier.lived;
    progress(`filling the databases up to ${prescriptions} prescriptions`);
    const began = performance.now();
    await multiplier.copy(copied, goal, signal);
    const fillSeconds = Math.round((performance.now() - began) / 1_000);
    const after = await settledSizes(file, signal);
    const bytesPerPrescription = bytesEach(before, after, (goal - copied) * multiplier.lived);
    for (const url of Object.values(databases)) await forgetStatements(asAdmin(adminUrl, url));
    progress(`latency: ${perSecond.toFixed(1)} a second for ${seconds} s`);
    const most = Math.ceil(perSecond * seconds) + WARM_UP;
    const { load, cpuMs } = await measureUnder(hub.file, { most, warmUp: WARM_UP, seconds, perSecond }, signal);
    const statements = await readStatementCosts(adminUrl, Object.values(databases), load.lifecycles + WARM_UP);
    // What goes wrong in it, it says itself; the figures are not of it.
    if (size === sizes.at(-1)) await runSandbox(['play', '--hub', hub.file, ...DEMO], signal);
    const plans = await Promise.all(
      Object.values(databases).map((url) => wholeReads(asAdmin(adminUrl, url), LEAST_ROWS)),
    );
    progress(`receipts, chains and codes, ${PART_SECONDS} s each`);
    const parts = await measureParts(hub.file, PART_SECONDS, signal);
    measured.push({
      prescriptions,
      entries: await countEntries(databases.audit),
      fillSeconds,
      bytesPerPrescription,
      steps: { ...load.steps, ...parts.steps },
      cpuMs,
      statements,
      explained: plans.reduce((sum, { explained }) => sum + explained, 0),
      wholeReads: plans.flatMap(({ slow }) => slow),
      unexplained: plans.flatMap(({ unexplained }) => unexplained),
    });
    copied = goal;
    before = await readSizes(databases);
  }
  return { lifecyclesPerSecond: Math.round(perSecond * 10) / 10, sizes: measured };
}

async function countEntries(audit: string): Promise<number> {
  await using sql = connect(audit);
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from entry`;
  return row?.count ?? 0;
}

/** The sizes when everything that follows a filling is done: statistics, the checkpoint, the signature over the log. */
async function settledSizes({ adminUrl, databases }: HubFile, signal: AbortSignal): Promise<Sizes> {
  for (const url of Object.values(databases)) {
    await using sql = connect(asAdmin(adminUrl, url));
    await sql`vacuum (analyze)`;
  }
  await using audit = connect(databases.audit);
  const isSigned = async (): Promise<boolean> => {
    const [log] = await audit<{ signed: boolean }[]>`
      select size <= (select max(size) from log_checkpoint where log_id = log.log_id) as signed from log where is_open`;
    return log?.signed === true;
  };
  while (!(await isSigned())) await sleep(1_000, undefined, { signal });
  await using admin = connect(adminUrl);
  await admin`checkpoint`;
  return readSizes(databases);
}
