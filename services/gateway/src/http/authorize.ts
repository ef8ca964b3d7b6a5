import { createHmac } from 'node:crypto';
import { mayPerform, type Operation } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import type { Actor } from '@erx/proto/common/v1/common';
import type { BusinessClock, CallContext, RefusalRecorder } from '@erx/rpc';
import type { FastifyRequest } from 'fastify';
import type { TokenVerifier } from '../oauth/verify-token.ts';
import type { Suspended } from '../store/suspended.ts';
import type { Quotas } from './quotas.ts';
import { RefusedError } from './refused-error.ts';

export type Guard = {
  verifyToken: TokenVerifier;
  suspended: Pick<Suspended, 'has'>;
  recordRefusals: RefusalRecorder;
  clock: BusinessClock;
  hashKey: Uint8Array;
  quotas: Quotas;
};

const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;
const KEY = /^[\x21-\x7e]{8,128}$/;
const OPERATOR = /^[\x21-\x7e]{1,64}$/;

/** Who calls, and whether this role may do it at all. Throws the refusal; one by a rule is recorded before. */
export async function authorize(guard: Guard, request: FastifyRequest, operation: Operation): Promise<Actor> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  const bearer = token === undefined ? undefined : await guard.verifyToken(token);
  if (bearer === undefined) throw new RefusedError(refuse('TOKEN_INVALID'));
  if (guard.suspended.has(bearer.clientId)) throw new RefusedError(refuse('CLIENT_SUSPENDED'));
  const tooMany = guard.quotas.admit(bearer.clientId, operation);
  if (tooMany !== undefined) throw new RefusedError(tooMany);
  const operator = request.headers['erx-operator'] ?? '';
  if (operator !== '' && (Array.isArray(operator) || !OPERATOR.test(operator))) {
    throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'WRONG_FORM' }, '/headers/Erx-Operator'));
  }
  const actor = { ...bearer, operator: String(operator) };
  if (mayPerform(actor.role, operation)) return actor;
  const refused = refuse('ACCESS_SCOPE_DENIED', { operation, role: actor.role });
  const call = { actor, caller: 'gateway', at: guard.clock.now(), machineAt: guard.clock.machine() };
  await guard.recordRefusals(operation, request.params ?? {}, call, refused);
  throw new RefusedError(refused);
}

/** Slows a client that tries out what there is not, and records it once for each time that its guesses are used up. */
export async function noteGuess(guard: Guard, actor: Actor, operation: Operation, refused: Refused): Promise<void> {
  if (!guard.quotas.isLastGuess(actor.clientId, operation, refused)) return;
  const call = { actor, caller: 'gateway', at: guard.clock.now(), machineAt: guard.clock.machine() };
  const reported = refuse('TOO_MANY_REQUESTS', { problem: 'WRONG_GUESSES' });
  await guard.recordRefusals(operation, {}, call, reported);
}

/** The key under which a write is done once. Throws when it is missing or malformed. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new RefusedError(refuse('IDEMPOTENCY_KEY_MISSING', undefined, '/headers/Idempotency-Key'));
  }
  return key;
}

/** Scope, key and hash of a write: HMAC-SHA-256 over method, path and exact body, before anything is sealed. */
export function clientRequest(guard: Guard, request: FastifyRequest, actor: Actor): CallContext['request'] {
  const hash = createHmac('sha256', guard.hashKey)
    .update(`${request.method}\n${request.url}\n`)
    .update(request.exactBody ?? '')
    .digest('hex');
  return { clientId: actor.clientId, key: idempotencyKey(request), hash };
}
