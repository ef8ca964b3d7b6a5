import { parseArgs } from 'node:util';
import { load } from './load.ts';
import { makeWorldIn } from './make-world.ts';
import { loadParts } from './parts.ts';
import { playIn } from './play-in.ts';

const USAGE = `usage:
  main.ts world --hub <hub.json> [--seed 1]
  main.ts play  --hub <hub.json> [--prescriptions 300] [--seed 1] [--concurrency 8] [--seconds <n>]
               [--report <file>]
  main.ts load  --hub <hub.json> --report <file> --prescriptions <most> --seconds <n> [--warm-up 20] [--seed 1]
               --concurrency <n> | --per-second <n>
  main.ts parts --hub <hub.json> --report <file> --seconds <n>`;

const [command, ...args] = process.argv.slice(2);
const progress = (line: string): void => console.log(`sandbox: ${line}`);

// Started by the hub's command, it ends with it.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`sandbox: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      hub: { type: 'string' },
      seed: { type: 'string', default: '1' },
      prescriptions: { type: 'string', default: '300' },
      concurrency: { type: 'string', default: '8' },
      seconds: { type: 'string' },
      report: { type: 'string' },
      'warm-up': { type: 'string', default: '20' },
      'per-second': { type: 'string' },
    },
  });
  const { hub, seed, report } = values;
  if (hub === undefined) throw new Error(USAGE);
  switch (command) {
    case 'world':
      await makeWorldIn(hub, seed, progress);
      return 0;
    case 'play': {
      const prescriptions = count(values.prescriptions, '--prescriptions');
      const concurrency = count(values.concurrency, '--concurrency');
      const options = {
        hub,
        seed,
        prescriptions,
        concurrency,
        ...(values.seconds === undefined ? {} : { seconds: count(values.seconds, '--seconds') }),
        ...(report === undefined ? {} : { report }),
      };
      const { wrong } = await playIn(options, progress);
      return wrong > 0 ? 1 : 0;
    }
    case 'load': {
      if (report === undefined || values.seconds === undefined) throw new Error(USAGE);
      const perSecond = values['per-second'];
      const { wrong } = await load(
        {
          hub,
          seed,
          report,
          lifecycles: count(values.prescriptions, '--prescriptions'),
          warmUp: count(values['warm-up'], '--warm-up'),
          seconds: count(values.seconds, '--seconds'),
          concurrency: count(values.concurrency, '--concurrency'),
          perSecond: perSecond === undefined ? undefined : Number(perSecond),
        },
        progress,
      );
      return wrong.length > 0 ? 1 : 0;
    }
    case 'parts': {
      if (report === undefined || values.seconds === undefined) throw new Error(USAGE);
      await loadParts({ hub, report, seconds: count(values.seconds, '--seconds') });
      return 0;
    }
    default:
      throw new Error(USAGE);
  }
}

function count(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name}: expected a whole number from 1, not ${text}`);
  return value;
}
