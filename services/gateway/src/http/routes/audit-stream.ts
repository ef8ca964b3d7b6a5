import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { isRefused, refuse } from '@erx/errors';
import type { Entry, FollowEntriesRequest } from '@erx/proto/audit/v1/audit_service';
import type { Logger } from '@erx/telemetry';
import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import type { Suspended } from '../../store/suspended.ts';
import { authorize } from '../authorize.ts';
import { exact } from '../mappers/values.ts';
import { RefusedError } from '../refused-error.ts';
import { type Door, rightOf } from '../route.ts';
import { problemResponses } from '../schemas/problem.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { auditTag, toAuditEntry, toCheckpoint, toPassedOver } from './audit.ts';
import { filterOf, replay, sinceOf } from './audit-filter.ts';

export type StreamLimits = {
  heartbeatMs: number;
  /** A reader that takes nothing for so long is cut off. */
  patienceMs: number;
  /** A stream ends after so long, so that a token and a right are looked at again. */
  longestMs: number;
};

type Parts = {
  audit: Peers['audit'];
  log: Logger;
  draining: AbortSignal;
  places: StreamPlaces;
  limits: StreamLimits;
  suspended: Pick<Suspended, 'watch'>;
};

const RECONNECT_MS = 1_000;
const ANSWER = 'text/event-stream';
/** After the last word a reader has so long to take it. */
const FAREWELL_MS = 5_000;

const Query = Type.Object(replay, { additionalProperties: false });

/**
 * The audit of the reader's division as server-sent events that stay open: catches up from a position or an instant and
 * goes on. A reader that lost the line names the last number it has in `Last-Event-ID` and misses nothing.
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
      ...rightOf('audit.read'),
      querystring: Query,
      response: {
        200: {
          description:
            'events: `id` is the number, `event` the type, `data` the entry as in readAuditEntries; `erx.stream.passed-over` ' +
            'tells numbers that the filter let not through, `erx.stream.checkpoint` (without an `id`) the signed tree that ' +
            'holds more of the entries before it, `erx.stream.cut` why the hub ends the stream',
          content: { [ANSWER]: { schema: Type.String() } },
        },
        ...problemResponses(false),
      },
    },
    async onRequest(request) {
      request.actor = await authorize(guard, request, 'audit.read');
    },
    async handler(request, reply) {
      const query = request.query as Static<typeof Query>;
      const asked = { ...positionOf(request, query), filter: filterOf(query), withCheckpoints: true };
      const place = parts.places.take(request.actor.clientId);
      if (isRefused(place)) throw new RefusedError(place);
      using _place = place;
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': ANSWER, 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      await follow(parts, request, reply.raw, asked);
    },
  });
}

/**
 * Writes entries as fast as the reader takes them; a comment now and then keeps the line open. What waits for a slow
 * reader is one full socket buffer here and one page at audit; after `patienceMs` it is cut off with a last event.
 */
async function follow(
  { audit, log, draining, limits, suspended }: Parts,
  request: FastifyRequest,
  response: ServerResponse,
  asked: FollowEntriesRequest,
): Promise<void> {
  const stop = new AbortController();
  // The span ends with the line, wherever this is then.
  const told = { 'erx.entries': 0, 'erx.passed_over': 0, 'erx.checkpoints': 0 };
  request.told = told;
  let reason = 'COME_BACK';
  const cut = (why: string): void => {
    reason = why;
    stop.abort();
  };
  response.once('close', () => stop.abort());
  using _watch = suspended.watch(request.actor.clientId, () => cut('CLIENT_SUSPENDED'));
  const longest = setTimeout(cut, limits.longestMs, 'LONGEST_TIME');
  const end = AbortSignal.any([stop.signal, draining]);
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(':\n\n'), limits.heartbeatMs);
  try {
    for await (const entry of audit.followEntries(asked, { actor: request.actor }, end)) {
      told[kindOf(entry)] += 1;
      if (response.write(asEvent(entry))) continue;
      const patience = setTimeout(cut, limits.patienceMs, 'TOO_SLOW');
      await once(response, 'drain', { signal: end }).finally(() => clearTimeout(patience));
    }
  } catch (error) {
    // The reader comes back by itself, to another process or when audit is there again.
    if (!end.aborted) log.warn({ err: error, request: request.id }, 'audit stream broken off');
  } finally {
    clearInterval(heartbeat);
    clearTimeout(longest);
    request.told = { ...told, 'erx.cut': reason };
    if (reason === 'TOO_SLOW') log.info({ client: request.actor.clientId }, 'audit stream cut: its reader is too slow');
    sayFarewell(response, reason);
  }
}

function sayFarewell(response: ServerResponse, reason: string): void {
  const hangUp = setTimeout(() => response.destroy(), FAREWELL_MS);
  response.once('close', () => clearTimeout(hangUp));
  response.end(`event: erx.stream.cut\ndata: ${JSON.stringify({ reason })}\n\n`);
}

function kindOf({ passedOver, checkpoint }: Entry): 'erx.entries' | 'erx.passed_over' | 'erx.checkpoints' {
  if (checkpoint !== undefined) return 'erx.checkpoints';
  return passedOver === undefined ? 'erx.entries' : 'erx.passed_over';
}

function asEvent(entry: Entry): string {
  if (entry.checkpoint !== undefined) {
    // No number is its own: `Last-Event-ID` stays that of the entry before.
    return `event: erx.stream.checkpoint\ndata: ${JSON.stringify(toCheckpoint(entry.checkpoint))}\n\n`;
  }
  if (entry.passedOver !== undefined) {
    const data = { ...toPassedOver(entry.passedOver), end: exact(entry.end) };
    return `id: ${entry.number}\nevent: erx.stream.passed-over\ndata: ${JSON.stringify(data)}\n\n`;
  }
  const shown = toAuditEntry(entry);
  return `id: ${shown.number}\nevent: ${shown.type}\ndata: ${JSON.stringify(shown)}\n\n`;
}

/** `Last-Event-ID` goes before the query: the query is where the first connection began. */
function positionOf(
  request: FastifyRequest,
  query: Static<typeof Query>,
): Pick<FollowEntriesRequest, 'after' | 'since'> {
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return { after: BigInt(query.after ?? 0), since: sinceOf(query) };
  if (typeof last === 'string' && /^\d{1,15}$/.test(last)) return { after: BigInt(last), since: undefined };
  throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'WRONG_FORM' }, '/headers/Last-Event-ID'));
}
