import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { forgetAudit, watchAppending } from '../bench/audit-from-nothing.ts';
import { calibrate } from '../bench/calibrate.ts';
import { countLifecycles } from '../bench/count-lifecycles.ts';
import { measureFloor } from '../bench/floor/measure-floor.ts';
import { keepReport } from '../bench/keep-report.ts';
import { type Measured, measureUnder } from '../bench/measure-under.ts';
import { measureParts } from '../bench/parts.ts';
import { benchLines, makeBenchReport } from '../bench/report.ts';
import { runLoad } from '../bench/run-load.ts';
import { soak, soakLines } from '../bench/soak.ts';
import { startTelemetrySink } from '../bench/telemetry-sink.ts';
import { Failure } from '../failure.ts';
import { openDataDir } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { type Hub, startHub } from '../supervisor/start-hub.ts';
import { writeAtomically } from '../write-atomically.ts';
import { benchGrowth } from './bench-growth.ts';
import { type Context, wholeNumber } from './context.ts';
import { ensureWorld } from './sandbox.ts';

/** Lifecycles whose statements are counted, and those that are recorded for the floor. */
const COUNTED = 20;
const RECORDED = 200;
const WARM_UP = 20;
const TRIAL_SECONDS = 15;
const PART_SECONDS = 15;
/** More lifecycles a second than the trial can reach. */
const MOST_PER_SECOND = 60;

/** `soakSeconds`: nothing else but so long at half of the capacity. `sizes`: nothing else but growth. */
type Options = { seconds: number; concurrency: number; soakSeconds: number | undefined; sizes: number[] };

/**
 * `npm run bench`: what one prescription costs, on a hub of its own: capacity (closed loop), latency (open loop at half of
 * it), the statements of a lifecycle, parts by themselves, and the floor under it. `--soak 30m`: memory, file handles and
 * lag over a long time instead. `--size 10000,100000`: latency on databases that hold so much already instead.
 */
export async function bench(args: string[], context: Context): Promise<number> {
  const options = readOptions(args);
  if (process.env['ERX_POSTGRES_URL'] || process.env['ERX_KAFKA_BROKERS']) {
    throw new Failure('bench measures its own engines: unset ERX_POSTGRES_URL and ERX_KAFKA_BROKERS.');
  }
  if (options.sizes.length > 0) return benchGrowth(context, options);
  const { progress, signal } = context;
  const dataDir = openDataDir(join(context.dataDir, 'bench'));
  const { http: httpPort } = await choosePorts(dataDir, ['http']);
  if (options.soakSeconds !== undefined)
    return soakOnly({ ...context, dataDir }, httpPort, options, options.soakSeconds);
  progress('calibrating');
  const calibration = calibrate();
  const loaded = await underLoad({ ...context, dataDir }, httpPort, options);
  const again = await startedAnew({ ...context, dataDir }, httpPort, options);
  const floor = await measureFloor({ dataDir, httpPort, lifecycles: RECORDED, progress, signal });

  const report = makeBenchReport({ calibration, ...loaded, ...again, floor, concurrency: options.concurrency });
  console.log(benchLines(report).join('\n'));
  keepReport(context, report);
  return 0;
}

async function underLoad(context: Context, httpPort: number, { seconds, concurrency }: Options) {
  const { dataDir, progress, signal } = context;
  await using hub = await startHub({ dataDir, httpPort, isBrief: true, progress, signal });
  await ensureWorld(context);
  hub.announce();
  const most = Math.ceil((await tryOut(hub.file, context, concurrency)) * seconds * 1.5) + WARM_UP;
  progress(`capacity: ${concurrency} at once for ${seconds} s`);
  const capacity = await measureUnder(hub.file, { most, warmUp: WARM_UP, seconds, concurrency }, signal);
  const perSecond = capacity.load.lifecycles / capacity.load.seconds / 2;
  progress(`latency: ${perSecond.toFixed(1)} a second for ${seconds} s`);
  const latency = await measureUnder(hub.file, { most, warmUp: WARM_UP, seconds, perSecond }, signal);
  progress(`counting the statements of ${COUNTED} lifecycles`);
  const traffic = await countLifecycles(hub.file, COUNTED, signal);
  await forgetAudit(hub);
  return { capacity, latency, traffic };
}

/**
 * Audit takes in everything from the beginning; parts by themselves; the same short load on eight processes and on one, and
 * with somebody collecting traces.
 */
async function startedAnew(context: Context, httpPort: number, { concurrency }: Options) {
  const { dataDir, progress, signal } = context;
  const start = (together = false) => startHub({ dataDir, httpPort, isBrief: true, together, progress, signal });
  const load = { most: TRIAL_SECONDS * MOST_PER_SECOND, warmUp: WARM_UP, seconds: TRIAL_SECONDS, concurrency };
  const measured = async (hub: Hub): Promise<Measured> => {
    hub.announce();
    return measureUnder(hub.file, load, signal);
  };
  const apart = await startedAlone(start(), async (hub) => {
    progress('audit reads everything from the beginning');
    const append = await watchAppending(hub, signal);
    const eight = await measured(hub);
    progress(`parts by themselves, ${PART_SECONDS} s each`);
    return { append, eight, parts: await measureParts(hub.file, PART_SECONDS, signal) };
  });
  progress('all services in one process');
  const one = await startedAlone(start(true), measured);
  progress('with traces and metrics sent');
  await using _sink = await startTelemetrySink();
  const traced = await startedAlone(start(), measured);
  return { ...apart, one, traced };
}

async function startedAlone<T>(starting: Promise<Hub>, use: (hub: Hub) => Promise<T>): Promise<T> {
  await using hub = await starting;
  return await use(hub); // without waiting the hub would end first
}

async function soakOnly(
  context: Context,
  httpPort: number,
  { concurrency }: Options,
  seconds: number,
): Promise<number> {
  const { dataDir, progress, signal } = context;
  await using hub = await startHub({ dataDir, httpPort, progress, signal });
  await ensureWorld(context);
  hub.announce();
  const perSecond = (await tryOut(hub.file, context, concurrency)) / 2;
  progress(`${perSecond.toFixed(1)} a second for ${seconds} s`);
  const figures = await soak(hub.file, { perSecond, seconds, warmUp: WARM_UP }, signal);
  console.log(soakLines(figures).join('\n'));
  writeAtomically(join(dataDir, 'soak-report.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  return 0;
}

/** Lifecycles a second, roughly. */
async function tryOut(hubFile: string, { progress, signal }: Context, concurrency: number): Promise<number> {
  progress('a first trial');
  const trial = { most: TRIAL_SECONDS * MOST_PER_SECOND, warmUp: WARM_UP, seconds: TRIAL_SECONDS, concurrency };
  const { lifecycles, seconds } = await runLoad(hubFile, trial, signal);
  return lifecycles / seconds;
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      concurrency: { type: 'string', default: '8' },
      soak: { type: 'string' },
      size: { type: 'string' },
    },
  });
  const sizes = values.size?.split(',').map((size) => wholeNumber('--size', size, 10_000_000)) ?? [];
  return {
    seconds: wholeNumber('--seconds', values.seconds, 36_000),
    concurrency: wholeNumber('--concurrency', values.concurrency, 256),
    soakSeconds:
      values.soak === undefined ? undefined : wholeNumber('--soak', values.soak.replace(/m$/, ''), 1_440) * 60,
    sizes: sizes.sort((a, b) => a - b),
  };
}
