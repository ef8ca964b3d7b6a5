import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeAtomically } from './write-atomically.ts';

// Below the range from which systems take the local ports of outgoing connections: otherwise such a connection can
// sit on the port of a process that is just being restarted, or even connect to itself.
const LOWEST = 21_000;
const BEYOND = 32_000;

/** One port of 127.0.0.1 per name, remembered in the data folder and kept as long as it is free. */
export async function choosePorts<N extends string>(dataDir: string, names: readonly N[]): Promise<Record<N, number>> {
  const file = join(dataDir, 'ports.json');
  const known: Record<string, number> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const name of names) {
    const kept = known[name];
    if (kept !== undefined && (await isFree(kept))) continue;
    known[name] = await freePort(new Set(Object.values(known)));
  }
  writeAtomically(file, `${JSON.stringify(known, undefined, 2)}\n`);
  return Object.fromEntries(names.map((name) => [name, known[name]])) as Record<N, number>;
}

/** A port that nobody listens on and that is not in `taken`. */
async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, BEYOND);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
