import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Sent = { kind: 'traces' | 'metrics'; bytes: Buffer };

/** Takes what services send by OTLP over HTTP, as it comes. */
export type Collector = AsyncDisposable & { url: string; sent: Sent[] };

export async function collectTelemetry(): Promise<Collector> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.once('end', () => {
      sent.push({ kind: request.url?.endsWith('/traces') ? 'traces' : 'metrics', bytes: Buffer.concat(pieces) });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
