import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from '../bench/calibrate.ts';
import { countLifecycles } from '../bench/count-lifecycles.ts';
import { measureFloor } from '../bench/floor/measure-floor.ts';
import { measureUnder } from '../bench/measure-under.ts';
import { benchLines, makeBenchReport } from '../bench/report.ts';
import { runLoad } from '../bench/run-load.ts';
import { Failure } from '../failure.ts';
import { openDataDir } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { writeAtomically } from '../write-atomically.ts';
import { type Context, wholeNumber } from './context.ts';
import { ensureWorld } from './sandbox.ts';

/** Lifecycles whose statements are counted, and those that are recorded for the floor. */
const COUNTED = 20;
const RECORDED = 200;
const WARM_UP = 20;
const TRIAL_SECONDS = 15;
/** More lifecycles a second than the trial can reach. */
const MOST_PER_SECOND = 60;

type Options = { seconds: number; concurrency: number };

/**
 * `npm run bench`: what one prescription costs, on a hub of its own: capacity (closed loop), latency (open loop at half of
 * it), the statements of a lifecycle, and the floor under it.
 */
export async function bench(args: string[], context: Context): Promise<number> {
  const options = readOptions(args);
  if (process.env['ERX_POSTGRES_URL'] || process.env['ERX_KAFKA_BROKERS']) {
    throw new Failure('bench measures its own engines: unset ERX_POSTGRES_URL and ERX_KAFKA_BROKERS.');
  }
  const { progress, signal } = context;
  const dataDir = openDataDir(join(context.dataDir, 'bench'));
  progress('calibrating');
  const calibration = calibrate();
  const { http: httpPort } = await choosePorts(dataDir, ['http']);
  const loaded = await underLoad({ ...context, dataDir }, httpPort, options);
  const floor = await measureFloor({ dataDir, httpPort, lifecycles: RECORDED, progress, signal });

  const report = makeBenchReport({ calibration, ...loaded, floor, concurrency: options.concurrency });
  console.log(benchLines(report).join('\n'));
  const path = join(context.dataDir, 'bench-report.json');
  writeAtomically(path, `${JSON.stringify(report, undefined, 2)}\n`);
  progress(`report: ${path}`);
  return 0;
}

async function underLoad(context: Context, httpPort: number, { seconds, concurrency }: Options) {
  const { dataDir, progress, signal } = context;
  await using hub = await startHub({ dataDir, httpPort, isBrief: true, progress, signal });
  await ensureWorld(context);
  hub.announce();
  progress('a first trial');
  const trial = { most: TRIAL_SECONDS * MOST_PER_SECOND, warmUp: WARM_UP, seconds: TRIAL_SECONDS, concurrency };
  const { lifecycles, seconds: took } = await runLoad(hub.file, trial, signal);
  const most = Math.ceil((lifecycles / took) * seconds * 1.5) + WARM_UP;
  progress(`capacity: ${concurrency} at once for ${seconds} s`);
  const capacity = await measureUnder(hub.file, { most, warmUp: WARM_UP, seconds, concurrency }, signal);
  const perSecond = capacity.load.lifecycles / capacity.load.seconds / 2;
  progress(`latency: ${perSecond.toFixed(1)} a second for ${seconds} s`);
  const latency = await measureUnder(hub.file, { most, warmUp: WARM_UP, seconds, perSecond }, signal);
  progress(`counting the statements of ${COUNTED} lifecycles`);
  return { capacity, latency, traffic: await countLifecycles(hub.file, COUNTED, signal) };
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '60' }, concurrency: { type: 'string', default: '8' } },
  });
  return {
    seconds: wholeNumber('--seconds', values.seconds, 36_000),
    concurrency: wholeNumber('--concurrency', values.concurrency, 256),
  };
}
