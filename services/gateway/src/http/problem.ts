import { catalogue, documentOf, type Refusal, type Refused } from '@erx/errors';
import { currentTraceId, metrics } from '@erx/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const PROBLEM = 'application/problem+json';
const RETRY_AFTER_SECONDS = '1';
const SHOWN_IN_TEXT = 5;

/** Answers with all refusals at once (RFC 9457); the first one gives status and code. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, refused: Refused): FastifyReply {
  const errors = refused.refused.map(toError);
  for (const { code } of refused.refused) metrics.refusals.inc({ code });
  const [first] = errors;
  if (first === undefined) throw new Error('a refusal without a reason');
  const { http: status, retry } = catalogue[first.code];
  if (retry === 'LATER') reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="erx-hub", error="invalid_token"');
  const { code, title, titleZh, requirement, document, mustAct } = first;
  return reply
    .code(status)
    .type(PROBLEM)
    .send({
      type: `urn:erx:refusal:${code}`,
      title,
      titleZh,
      status,
      code,
      detail: inWords(refused.refused),
      requirement,
      document,
      mustAct,
      retry,
      traceId: currentTraceId() ?? request.id,
      errors,
    });
}

/** One refusal as a client reads it. */
export function toError({ code, field, detail }: Refusal) {
  const { zh, en, requirements, mustAct, retry } = catalogue[code];
  const [requirement = 'PROJECT'] = requirements;
  return {
    code,
    titleZh: zh,
    title: en,
    ...(field === undefined ? {} : { field }),
    ...(detail === undefined ? {} : { detail }),
    requirement,
    document: documentOf(requirement) ?? 'erx-hub',
    mustAct,
    retry,
  };
}

function inWords(refusals: readonly Refusal[]): string {
  const shown = refusals
    .slice(0, SHOWN_IN_TEXT)
    .map(({ code, field }) => (field === undefined ? code : `${code} at ${field}`));
  const more = refusals.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}
