import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { refuse } from '@erx/errors';
import type { Entry } from '@erx/proto/audit/v1/audit_service';
import type { Logger } from '@erx/telemetry';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { authorize } from '../authorize.ts';
import { RefusedError } from '../refused-error.ts';
import type { Door } from '../route.ts';
import { problemResponses } from '../schemas/problem.ts';
import { auditTag, Position, toAuditEntry } from './audit.ts';

type Parts = { audit: Peers['audit']; log: Logger; heartbeatMs: number; draining: AbortSignal };

const RECONNECT_MS = 1_000;
const ANSWER = 'text/event-stream';

/**
 * The audit of the reader's division as server-sent events that stay open: catches up from a position and goes on. A
 * reader that lost the line names the last number it has in `Last-Event-ID` and misses nothing.
 */
export function auditStreamRoute({ app, guard }: Door, parts: Parts): void {
  app.route({
    method: 'GET',
    url: '/v1/audit/stream',
    exposeHeadRoute: false,
    config: { headers: 'stream' },
    schema: {
      operationId: 'followAuditEntries',
      summary: '审计记录流 Audit entries as a stream (server-sent events, Last-Event-ID)',
      tags: [auditTag],
      security: [{ oauth: [] }],
      querystring: Type.Object({ after: Type.Optional(Position) }, { additionalProperties: false }),
      response: {
        200: {
          description: 'events: `id` is the number, `event` the type, `data` the entry as in readAuditEntries',
          content: { [ANSWER]: { schema: Type.String() } },
        },
        ...problemResponses(false),
      },
    },
    async onRequest(request) {
      request.actor = await authorize(guard, request, 'audit.read');
    },
    async handler(request, reply) {
      const after = positionOf(request);
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': ANSWER, 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      await follow(parts, request, reply.raw, after);
    },
  });
}

/** Writes entries as fast as the reader takes them; a comment now and then keeps the line open. */
async function follow(
  { audit, log, heartbeatMs, draining }: Parts,
  request: FastifyRequest,
  response: ServerResponse,
  after: bigint,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const end = AbortSignal.any([gone.signal, draining]);
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(':\n\n'), heartbeatMs);
  try {
    for await (const entry of audit.followEntries({ after }, { actor: request.actor }, end)) {
      if (!response.write(asEvent(entry))) await once(response, 'drain', { signal: end });
    }
  } catch (error) {
    // The reader comes back by itself, to another process or when audit is there again.
    if (!end.aborted) log.warn({ err: error, request: request.id }, 'audit stream broken off');
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

function asEvent(entry: Entry): string {
  const shown = toAuditEntry(entry);
  return `id: ${shown.number}\nevent: ${shown.type}\ndata: ${JSON.stringify(shown)}\n\n`;
}

function positionOf(request: FastifyRequest): bigint {
  const { after = 0 } = request.query as { after?: number };
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return BigInt(after);
  if (typeof last === 'string' && /^\d{1,15}$/.test(last)) return BigInt(last);
  throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'WRONG_FORM' }, '/headers/Last-Event-ID'));
}
