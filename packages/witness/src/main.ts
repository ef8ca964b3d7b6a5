import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatVerifierKey, isInvalid, parseVerifierKey } from '@erx/tlog';
import { ensureKey } from './keys.ts';
import { fileMemory } from './memory.ts';
import { serveWitnesses } from './serve.ts';
import { openWitness, type Witness } from './witness.ts';

const USAGE = `usage:
  main.ts --listen <host:port> --dir <folder> --log <verifier key> [--log …] --name <name> [--name …]
  Each name is a witness of its own under /<name>/add-checkpoint; key and memory lie in <folder>/<name>.`;

// Started by another program, it ends with it.
process.on('disconnect', () => process.exit(0));
process.channel?.unref();

try {
  await main();
} catch (error) {
  console.error(`witness: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string' },
      dir: { type: 'string' },
      log: { type: 'string', multiple: true },
      name: { type: 'string', multiple: true },
    },
  });
  const { listen, dir, log, name: names } = values;
  if (listen === undefined || dir === undefined || log === undefined || names === undefined) throw new Error(USAGE);
  const logs = log.map((text) => {
    const key = parseVerifierKey(text);
    if (isInvalid(key)) throw new Error(`--log: ${key.invalid}`);
    return key;
  });
  const witnesses = new Map<string, Witness>();
  for (const name of names) {
    const key = ensureKey(join(dir, name, 'witness.key'), name);
    const memory = fileMemory(join(dir, name, 'cosigned.json'));
    witnesses.set(`/${name}`, openWitness({ key, logs, memory, now: () => new Date() }));
    console.log(`witness: /${name} is ${formatVerifierKey(key)}`);
  }
  const server = await serveWitnesses({ listen, witnesses });
  process.on('SIGTERM', () => void server[Symbol.asyncDispose]());
  process.on('SIGINT', () => void server[Symbol.asyncDispose]());
  process.send?.({ type: 'ready' });
}
