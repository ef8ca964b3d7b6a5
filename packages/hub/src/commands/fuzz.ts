import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TokenSource } from '@erx/sandbox';
import { Failure } from '../failure.ts';
import { fuzz as run } from '../fuzz/fuzz.ts';
import { hubFilePath } from '../paths.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { type Context, httpPort, wholeNumber } from './context.ts';
import { ensureWorld } from './sandbox.ts';

type SandboxFile = { clients: Record<string, { clientId: string; role: string; keyFile: string }[]> };

/** `npm run fuzz`: seeded nonsense for every route and every method of the living hub, else of one of its own. */
export async function fuzz(args: string[], context: Context): Promise<number> {
  const { dataDir, progress, signal } = context;
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
  });
  const count = wholeNumber('--count', values.count, 10_000_000);
  const seed = String(wholeNumber('--seed', values.seed));
  await using stack = new AsyncDisposableStack();
  if ((await findLivingHub(dataDir, signal)) === undefined) {
    const own = stack.use(await startHub({ dataDir, httpPort: httpPort(), isBrief: true, progress, signal }));
    await ensureWorld(context);
    own.announce();
  }
  const hub = await findLivingHub(dataDir, signal);
  if (hub?.sandbox === undefined) throw new Failure('The fuzzer needs a hub with the sandbox’s world.');
  const tokens = new Map(
    Object.values((hub.sandbox as SandboxFile).clients).map(([client]) => {
      if (client === undefined) throw new Failure('The sandbox has no client for a role.');
      const key = JSON.parse(readFileSync(client.keyFile, 'utf8'));
      return [client.role, new TokenSource(hub.gateway.url, { clientId: client.clientId, key })];
    }),
  );
  const began = Date.now();
  const report = await run(
    {
      url: hub.gateway.url,
      roles: [...tokens.keys()],
      token: (role) => tokens.get(role)?.get() ?? Promise.reject(new Error(`nobody is ${role}`)),
      addresses: hub.grpc,
      tls: hub.tls,
      databases: hub.databases,
      memory: () => residentMegabytes(hub.processes),
      processes: () => readHubFile(hubFilePath(dataDir))?.processes ?? {},
      progress,
    },
    { count, seed },
  );
  const seconds = (Date.now() - began) / 1_000;
  console.log([...report.lines(), `${Math.round(report.requests / seconds)} requests a second`].join('\n'));
  return report.passed ? 0 : 1;
}

/** Resident memory of the services, where the system tells it (Linux). */
function residentMegabytes(processes: Record<string, number | undefined>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, pid] of Object.entries(processes)) {
    if (pid === undefined || name === 'postgres' || name === 'kafka') continue;
    try {
      const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      if (kilobytes !== undefined) found[name] = Number(kilobytes) / 1_024;
    } catch {
      // another system, or the process has just been replaced
    }
  }
  return found;
}
