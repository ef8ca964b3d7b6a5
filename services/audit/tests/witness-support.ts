import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { eventually, freshFolder } from '@erx/testkit';
import { formatVerifierKey, isInvalid, type OpenedCheckpoint, openCheckpoint, type VerifierKey } from '@erx/tlog';
import { ensureKey, fileMemory, openWitness, serveWitnesses } from '@erx/witness';
import { logKey, servedNote, type TestAudit } from './log-support.ts';

export type TestWitness = AsyncDisposable & {
  name: string;
  url: string;
  key: VerifierKey;
  /** Statuses that it has answered with. */
  answered: number[];
  stop(): Promise<void>;
  /** At the same address, with what it has on disk. */
  start(): Promise<void>;
};

/** A real witness of the log of the tests, over HTTP. */
export async function startWitness(name: string): Promise<TestWitness> {
  const folder = freshFolder(name);
  const key = ensureKey(join(folder, 'witness.key'), name);
  const logs = [await logKey()];
  const answered: number[] = [];
  const serve = (port: number) => {
    const memory = fileMemory(join(folder, 'cosigned.json'));
    const { addCheckpoint } = openWitness({ key, logs, memory, now: () => new Date() });
    const witness = {
      addCheckpoint(body: string) {
        const answer = addCheckpoint(body);
        answered.push(answer.status);
        return answer;
      },
    };
    return serveWitnesses({ listen: `127.0.0.1:${port}`, witnesses: new Map([['', witness]]) });
  };
  let server = await serve(0);
  const { port } = server;
  const stop = async () => {
    await server[Symbol.asyncDispose]();
  };
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    key,
    answered,
    stop,
    async start() {
      server = await serve(port);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Takes connections and never answers; `url` as a witness. */
export async function startDeaf(): Promise<AsyncDisposable & { url: string; asked(): number }> {
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The setting that names these witnesses. */
export async function listed(
  ...witnesses: readonly { key: VerifierKey; url: string }[]
): Promise<{ ERX_LOG_WITNESSES_FILE: string }> {
  const file = join(freshFolder('witnesses'), 'witnesses');
  const lines = witnesses.map(({ key, url }, n) => `witness w${n} ${formatVerifierKey(key)} ${url}\n`);
  await writeFile(file, lines.join(''));
  return { ERX_LOG_WITNESSES_FILE: file };
}

/** The served checkpoint, once it has at least so many leaves and is cosigned by exactly these. */
export async function cosignedTree(
  audit: TestAudit,
  leaves: number,
  witnesses: readonly TestWitness[],
  all: readonly TestWitness[] = witnesses,
): Promise<OpenedCheckpoint> {
  const wanted = witnesses.map(({ name }) => name).sort();
  return eventually(async () => {
    const opened = openCheckpoint(await servedNote(audit), [await logKey(), ...all.map(({ key }) => key)]);
    if (isInvalid(opened)) throw new Error(opened.invalid);
    const by = opened.signed.flatMap(({ key, at }) => (at === undefined ? [] : [key.name])).sort();
    return opened.checkpoint.size >= leaves && by.join() === wanted.join() ? opened : undefined;
  }, 60_000);
}
