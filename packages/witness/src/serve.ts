import { createServer, type IncomingMessage } from 'node:http';
import type { Answer, Witness } from './witness.ts';

/** Far more than 63 hashes and a checkpoint with its signatures. */
const MOST_BYTES = 64 * 1024;

type Options = {
  /** host:port; port 0 takes a free one. */
  listen: string;
  /** By the path in front of `/add-checkpoint`: '' or '/regulator'. */
  witnesses: ReadonlyMap<string, Witness>;
};

/** Serves witnesses over HTTP; TLS is for a proxy in front of it. */
export async function serveWitnesses({ listen, witnesses }: Options): Promise<AsyncDisposable & { port: number }> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    answer(witnesses, request).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error) => {
        console.error(`witness: ${(error as Error).message}`);
        response.writeHead(500).end();
      },
    );
  });
  const colon = listen.lastIndexOf(':');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(listen.slice(colon + 1)), listen.slice(0, colon), resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(witnesses: Options['witnesses'], request: IncomingMessage): Promise<Answer> {
  const [, prefix] = /^(.*)\/add-checkpoint$/.exec(request.url ?? '') ?? [];
  const witness = prefix === undefined ? undefined : witnesses.get(prefix);
  if (witness === undefined) return { status: 404, type: 'text/plain', body: 'there is no witness here\n' };
  if (request.method !== 'POST') return { status: 405, type: 'text/plain', body: 'POST it\n' };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return { status: 413, type: 'text/plain', body: 'too long\n' };
    chunks.push(chunk);
  }
  return witness.addCheckpoint(Buffer.concat(chunks).toString('utf8'));
}
