import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Lets processes that are started meanwhile send traces and metrics by OTLP to somebody who looks at nothing. */
export async function startTelemetrySink(): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async [Symbol.asyncDispose]() {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
