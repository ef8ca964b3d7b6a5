import { refuse } from '@erx/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedError } from './refused-error.ts';
import { textProblems } from './texts.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it arrived, for the request's hash. */
    exactBody: Buffer | undefined;
  }
}

const DEEPEST = 32;

/** Takes UTF-8 JSON and nothing else: bounded depth, well-formed texts without NUL. */
export function acceptJson(app: FastifyInstance): void {
  app.decorateRequest('exactBody', undefined);
  app.removeAllContentTypeParsers();
  const parseText = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = decode(request, body);
    request.exactBody = body;
    parseText(request, text, (error, value) => {
      if (error) return done(new RefusedError(refuse('REQUEST_INVALID', { problem: 'NOT_JSON' }, '')));
      const problems = textProblems(text, value);
      done(problems.length === 0 ? null : new RefusedError({ refused: problems }), value);
    });
  });
}

function decode(request: FastifyRequest, body: Buffer): string {
  const charset = /;\s*charset="?([^;"\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity';
  if (!isPlain || (charset !== undefined && !/^utf-?8$/i.test(charset))) {
    throw new RefusedError(refuse('MEDIA_TYPE_UNSUPPORTED'));
  }
  if (isDeeperThan(body, DEEPEST)) {
    throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'TOO_DEEP', deepest: `${DEEPEST}` }, ''));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'NOT_UTF_8' }, ''));
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Counts open brackets outside texts, before anything is built from them. */
function isDeeperThan(json: Buffer, deepest: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      for (at += 1; at < json.length && json[at] !== QUOTE; at += 1) if (json[at] === BACKSLASH) at += 1;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
