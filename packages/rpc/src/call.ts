import type { ClientRequest } from '@erx/postgres';
import { Actor } from '@erx/proto/common/v1/common';
import { Metadata } from 'nice-grpc-common';
import { CALLER } from './peer.ts';

/** What arrives with every call, beside the request message. Time, ids and actors come in with the command. */
export type Call = {
  actor: Actor;
  /** Service at the other end, by its certificate. */
  caller: string;
  /** Present on writes of a client: scope, key and hash for idempotency. */
  request?: ClientRequest;
  /** Last event of the aggregate that the caller knew. */
  causationId?: string;
  /** Business time at which the call arrived. */
  at: Date;
  /** Machine time at which the call arrived. */
  machineAt: Date;
};

/** What a caller passes on. */
export type CallContext = {
  actor: Actor;
  request?: ClientRequest | undefined;
  causationId?: string | undefined;
  /** Milliseconds until the answer is worthless; 5,000 when absent. */
  deadlineMs?: number;
  /** Times that an unreachable service is asked; until the deadline when absent. */
  tries?: number;
};

export function actorOf(actor: Partial<Actor>): Actor {
  return { clientId: '', role: '', institutionId: '', operator: '', division: '', ...actor };
}

/** The hub itself: sweeps, recovery loops, consumers. */
export function systemActor(service: string): Actor {
  return actorOf({ clientId: `erx-${service}`, role: 'SYSTEM' });
}

const ACTOR = 'erx-actor-bin';
const KEY = 'erx-idempotency-key';
const HASH = 'erx-request-hash';
const CAUSATION = 'erx-causation';
export const TRACEPARENT = 'traceparent';

export function toMetadata(context: CallContext, traceparent: string | undefined): Metadata {
  const metadata = Metadata();
  metadata.set(ACTOR, Actor.encode(context.actor).finish());
  if (context.request !== undefined) metadata.set(KEY, context.request.key).set(HASH, context.request.hash);
  if (context.causationId !== undefined) metadata.set(CAUSATION, context.causationId);
  if (traceparent !== undefined) metadata.set(TRACEPARENT, traceparent);
  return metadata;
}

export function fromMetadata(metadata: Metadata, at: Date, machineAt: Date): Call {
  const actorBytes = metadata.get(ACTOR);
  const actor = actorBytes instanceof Uint8Array ? Actor.decode(actorBytes) : actorOf({});
  const key = metadata.get(KEY);
  const hash = metadata.get(HASH);
  const causationId = metadata.get(CAUSATION);
  return {
    actor,
    caller: metadata.get(CALLER) ?? '',
    ...(key !== undefined && hash !== undefined ? { request: { clientId: actor.clientId, key, hash } } : {}),
    ...(causationId !== undefined ? { causationId } : {}),
    at,
    machineAt,
  };
}
