// Entry of every npm script: `node scripts/erx.mjs <command> …`. Plain JavaScript for Node 20; makes sure of everything
// that a fresh machine lacks, then hands over to Node 24 from the lockfile.
import { runDoctor } from './bootstrap/doctor.mjs';
import { listenForTheEnd } from './bootstrap/ending.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { prepareInstall } from './bootstrap/install.mjs';
import { prepareKafkaJars } from './bootstrap/kafka-jars.mjs';
import { holdName } from './bootstrap/name-lock.mjs';
import { root, shortHash } from './bootstrap/paths.mjs';
import { explain, Stop } from './bootstrap/stop.mjs';
import { requireJava, requireNode } from './bootstrap/tools.mjs';

const cli = 'packages/hub/src/cli.ts';
const commands = {
  hub: { script: cli, engines: true },
  demo: { script: cli, engines: true },
  bench: { script: cli, engines: true },
  chaos: { script: cli, engines: true },
  fuzz: { script: cli, engines: true },
  test: { script: cli, engines: true },
  'test:unit': { script: cli, engines: false },
  books: { script: cli, engines: false },
  'leak-check': { script: cli, engines: true },
  parked: { script: cli, engines: false },
  watch: { script: cli, engines: false },
  backup: { script: cli, engines: false },
  reseal: { script: cli, engines: false },
  'rotate-token-key': { script: cli, engines: false },
  'verify-log': { script: cli, engines: false },
  restore: { script: cli, engines: true },
  provision: { script: cli, engines: false },
  'verify-receipt': { script: 'scripts/verify-receipt.ts', engines: false },
  check: { script: 'scripts/check.ts', engines: false },
  generate: { script: 'scripts/generate.ts', engines: false },
};

const [name = '', ...args] = process.argv.slice(2);
listenForTheEnd();
try {
  requireNode();
  if (name === 'doctor') process.exit(await runDoctor());
  const command = commands[name];
  if (command === undefined)
    throw new Stop(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}, doctor.`);
  const needsBroker = command.engines && !process.env.ERX_KAFKA_BROKERS;
  if (needsBroker) requireJava();
  // Released once Node 24 runs: from then on it is found among the living processes.
  const release = await holdName(`erx-install-${shortHash(root)}`);
  await prepareInstall();
  if (needsBroker) await prepareKafkaJars();
  process.exitCode = await handOver(command.script, command.script === cli ? [name, ...args] : args, release);
} catch (error) {
  console.error(`✗ ${explain(error)}`);
  process.exit(1);
}
