// The bare process of the floor: the same statements on the same rows, the same signatures, and nothing else.
import { readFileSync } from 'node:fs';
import { generateKeyPair, sign, verify } from '@erx/gm';
import postgres from 'postgres';
import type { Unit } from './statement-log.ts';

/** `before`: what the rows need that the lifecycles touch; it is not measured. */
export type Task = { databases: Record<string, string>; before: Unit[]; units: Unit[]; verifications: number };
export type Floor = { cpuMs: number; failed: number };

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const { privateKey, publicKey } = generateKeyPair();
const document = Buffer.alloc(1_500, 'x');
const signature = sign(privateKey, document);

// Parameters were logged as texts and go back as texts.
const asText = { serialize: (text: unknown) => text, parse: (text: unknown) => text };
const options = {
  max: 1,
  onnotice: () => {},
  types: {
    bool: { to: 16, from: [16], ...asText },
    bytes: { to: 17, from: [17], ...asText },
    date: { to: 1184, from: [1082, 1114, 1184], ...asText },
  },
};

let failed = 0;
const sessions = new Map<string, postgres.ReservedSql>();
for (const [database, url] of Object.entries(task.databases)) {
  sessions.set(database, await postgres(url, options as never).reserve());
}
await replayAll(task.before);
failed = 0;
// The parent looks at PostgreSQL's own use meanwhile.
await new Promise((go) => {
  process.once('message', go);
  process.send?.('ready');
});
const before = process.cpuUsage();
await replayAll(task.units);
for (let left = task.verifications; left > 0; left -= 1) failed += Number(!verify(publicKey, document, signature));
const { user, system } = process.cpuUsage(before);
process.send?.({ cpuMs: (user + system) / 1_000, failed } satisfies Floor, () => process.exit(0));

/** In the order of each database; the databases side by side. */
async function replayAll(units: readonly Unit[]): Promise<void> {
  await Promise.all([...Map.groupBy(units, ({ database }) => database)].map(([name, list]) => replay(name, list)));
}

async function replay(database: string, units: readonly Unit[]): Promise<void> {
  const session = sessions.get(database);
  for (const { text, parameters } of units.flatMap(({ statements }) => statements)) {
    try {
      await session?.unsafe(text, parameters as never[], { prepare: parameters.length > 0 });
    } catch {
      failed += 1;
    }
  }
}
