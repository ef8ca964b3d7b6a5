import { appendFileSync } from 'node:fs';
import { backup } from './commands/backup.ts';
import { bench } from './commands/bench.ts';
import { books } from './commands/books.ts';
import { chaos } from './commands/chaos.ts';
import { type Context, listenForTheEnd } from './commands/context.ts';
import { demo } from './commands/demo.ts';
import { fuzz } from './commands/fuzz.ts';
import { hub } from './commands/hub.ts';
import { leakCheck } from './commands/leak-check.ts';
import { parked } from './commands/parked.ts';
import { provision } from './commands/provision.ts';
import { reseal } from './commands/reseal.ts';
import { restore } from './commands/restore.ts';
import { rotateTokenKey } from './commands/rotate-token-key.ts';
import { allTests, unitTests } from './commands/test.ts';
import { verifyLog } from './commands/verify-log.ts';
import { watch } from './commands/watch.ts';
import { sentenceFor } from './failure.ts';
import { logPath, openDataDir } from './paths.ts';
import { killAllKept } from './process/keep-alive.ts';
import { startProgress } from './progress.ts';

const commands: Record<string, (args: string[], context: Context) => Promise<number>> = {
  hub,
  demo,
  bench,
  books,
  chaos,
  'leak-check': leakCheck,
  fuzz,
  parked,
  watch,
  backup,
  restore,
  reseal,
  'rotate-token-key': rotateTokenKey,
  'verify-log': verifyLog,
  provision,
  test: allTests,
  'test:unit': unitTests,
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
const signal = listenForTheEnd();
let dataDir = process.env['ERX_DATA_DIR'] ?? '.erx';
try {
  dataDir = openDataDir();
  const code = await command(args, { dataDir, progress: startProgress(), signal });
  process.exit(code);
} catch (error) {
  killAllKept();
  if (signal.aborted) process.exit(130);
  console.error(`✗ ${sentenceFor(error, dataDir) ?? unexpected(error)}`);
  process.exit(1);
}

/** A bug: one line here, the whole story in the log. */
function unexpected(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  const log = logPath(dataDir, 'command');
  try {
    appendFileSync(log, `${new Date().toISOString()} ${name}\n${stack ?? message}\n`);
  } catch {
    return message; // the data folder itself is the trouble
  }
  return `${message} (see ${log})`;
}
