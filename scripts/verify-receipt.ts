// `npm run verify-receipt -- FILE --key VERIFIERKEY`: what a receipt proves, offline, with nothing but public keys.
// Several `--key`: the log's and those of witnesses. `--show` prints the event too. Exit 0: proven, 1: not, 2: not run.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type EventType, events } from '@erx/proto/topics';
import { inWords, verifyReceipt } from '@erx/receipts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { key: { type: 'string', multiple: true, default: [] }, show: { type: 'boolean', default: false } },
});
const [path] = positionals;
if (path === undefined || positionals.length > 1 || values.key.length === 0) {
  console.error('Usage: npm run verify-receipt -- FILE --key VERIFIERKEY [--key WITNESSKEY] [--show]');
  process.exit(2);
}
const verdict = verifyReceipt(readFile(path), values.key);
for (const { mark, zh, en } of inWords(verdict)) console.log(`${mark} ${zh}\n  ${en}`);
if ('failed' in verdict) process.exit(1);
if (values.show) console.log(shown(verdict.proven.receipt));

function readFile(name: string): string {
  try {
    // From where the person stands: npm runs scripts in the root.
    return readFileSync(resolve(process.env['INIT_CWD'] ?? '.', name), 'utf8');
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`);
    process.exit(2);
  }
}

/** The event as its contract reads it; sealed fields stay sealed. */
function shown({ type, event }: { type: string; event: Uint8Array }): string {
  if (!Object.hasOwn(events, type)) return `This version does not know ${type}.`;
  const { codec } = events[type as EventType] as {
    codec: { decode(bytes: Uint8Array): unknown; toJSON(value: never): unknown };
  };
  return JSON.stringify(codec.toJSON(codec.decode(event) as never), null, 2);
}
