import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isRefused, refuse } from '@erx/errors';
import { actorOf } from '@erx/rpc';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { sendProblem } from '../problem.ts';
import { problemResponse } from '../schemas/problem.ts';
import { auditTag } from './audit.ts';

const compress = promisify(gzip);
const FOR_EVER = 'public, max-age=31536000, immutable';
const A_MOMENT = 'public, max-age=1';
const LOG = '/v1/audit/log';
const LOGS = '/v1/audit/logs/:logId';

const Ended = Type.Object({ logId: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });

/**
 * The public log, for everybody and without a token (C2SP tlog-tiles): it shows nothing of the events. `/v1/audit/log`
 * is the one that grows; one that ended stays under its number.
 */
export function auditLogRoutes(app: FastifyInstance, audit: Peers['audit']): void {
  for (const [base, params] of [
    [LOG, undefined],
    [LOGS, Ended],
  ] as const) {
    const isOpen = params === undefined;
    app.get(`${base}/checkpoint`, {
      schema: {
        operationId: isOpen ? 'logCheckpoint' : 'endedLogCheckpoint',
        summary:
          '存证日志检查点 Checkpoint of the public log; tile/… and tile/entries/… beside it as in C2SP tlog-tiles',
        tags: [auditTag],
        security: [],
        ...(isOpen ? {} : { params }),
        response: {
          200: {
            description: 'a signed note: origin, size, root hash, signatures',
            content: { 'text/plain': { schema: Type.String() } },
          },
          ...problemResponse(404),
        },
      },
      handler: async (request, reply) => {
        const file = await read(audit, request, 'checkpoint');
        if (file?.content === undefined) return notThere(reply, request);
        return reply
          .header('cache-control', A_MOMENT)
          .type('text/plain; charset=utf-8')
          .send(Buffer.from(file.content));
      },
    });
    app.get(`${base}/tile/*`, {
      schema: { hide: true, ...(isOpen ? {} : { params }) },
      handler: async (request, reply) => {
        const path = `tile/${(request.params as { '*': string })['*']}`;
        const file = await read(audit, request, path);
        if (file?.content === undefined) return notThere(reply, request);
        const areEntries = path.startsWith('tile/entries/');
        if (areEntries) reply.header('content-encoding', 'gzip');
        return reply
          .header('cache-control', file.immutable ? FOR_EVER : A_MOMENT)
          .type('application/octet-stream')
          .send(areEntries ? await compress(file.content) : Buffer.from(file.content));
      },
    });
  }
}

async function read(audit: Peers['audit'], request: FastifyRequest, path: string) {
  const { logId = '0' } = request.params as { logId?: string };
  const file = await audit.readLogFile({ logId: Number(logId), path }, { actor: actorOf({}) });
  return isRefused(file) ? undefined : file;
}

/** Not now: it may be there with the next checkpoint. */
function notThere(reply: FastifyReply, request: FastifyRequest): FastifyReply {
  return sendProblem(reply, request, refuse('NOT_FOUND'));
}
