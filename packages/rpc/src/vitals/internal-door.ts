import { createServer, type ServerResponse } from 'node:http';
import { refreshGauges, registry } from '@erx/telemetry';

type Answer = { status: number; type: string; body: string };

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body });

/**
 * A small HTTP server for the machine's own network, never for clients: `/health/live`, `/health/ready`, `/metrics`
 * (Prometheus text). It takes nothing and shows no data of the service.
 */
export async function openInternalDoor(listen: string, isReady: () => Promise<boolean>): Promise<AsyncDisposable> {
  const routes: Record<string, () => Promise<Answer>> = {
    '/health/live': async () => text(200, 'live\n'),
    '/health/ready': async () => ((await isReady()) ? text(200, 'ready\n') : text(503, 'not ready\n')),
    async '/metrics'() {
      await refreshGauges();
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    },
  };
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const route = request.method === 'GET' && Object.hasOwn(routes, path) ? routes[path] : undefined;
    const answer = route?.() ?? Promise.resolve(text(404, 'not found\n'));
    answer.catch(() => text(500, 'failed\n')).then((it) => send(response, it));
  });
  const colon = listen.lastIndexOf(':');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) }, resolve);
  });
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
