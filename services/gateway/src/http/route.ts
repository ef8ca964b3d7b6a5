import type { Operation } from '@erx/auth';
import { isRefused, type Refused } from '@erx/errors';
import type { Actor } from '@erx/proto/common/v1/common';
import type { CallContext } from '@erx/rpc';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { authorize, clientRequest, type Guard, idempotencyKey, noteGuess } from './authorize.ts';
import { sendProblem } from './problem.ts';
import { problemResponses } from './schemas/problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the token check. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** For the OpenAPI document: which headers belong to the route. */
    headers?: 'write' | 'read' | 'stream';
  }
}

/** The act goes on without the caller: ask again, or for its outcome. */
type Running = { running: true };

type Input<P extends TObject, Q extends TObject, B extends TSchema> = {
  params: Static<P>;
  query: Static<Q>;
  body: Static<B>;
};

export type Route<P extends TObject, Q extends TObject, B extends TSchema, A extends TSchema> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  operation: Operation;
  /** operationId of the OpenAPI document. */
  id: string;
  title: { zh: string; en: string };
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  answer: A;
  status?: 200 | 201;
  /** A sale may run on: the answer may be 202. */
  mayRun?: boolean;
  bodyLimit?: number;
  /** Writes need an Idempotency-Key; this gives the REST form of the answer that the owner stored. */
  write?: (stored: Uint8Array) => Static<A>;
  /** Name under which the owner stores the answer, where it is not that of the right. */
  storedAs?: string;
  handle(input: Input<P, Q, B>, context: CallContext): Promise<Static<A> | Refused | Running>;
};

/** What all routes share. `outcomes`: how the stored answer of an operation is shown. */
export type Door = {
  app: FastifyInstance;
  guard: Guard;
  outcomes: Map<string, (stored: Uint8Array) => unknown>;
};

const RUNNING = Type.Object(
  { state: Type.String({ enum: ['RUNNING'] }) },
  { description: 'The act goes on: repeat with the same key, or ask for its outcome where Location says' },
);

/** Declares a route: token and role before the body is read, then the schema, then the handler. */
export function declare<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  B extends TSchema = TSchema,
  A extends TSchema = TSchema,
>({ app, guard, outcomes }: Door, route: Route<P, Q, B, A>): void {
  const { operation, status = 200, write, storedAs = operation } = route;
  if (write !== undefined) outcomes.set(storedAs, write);
  app.route({
    method: route.method,
    url: route.url,
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    config: { headers: write === undefined ? 'read' : 'write' },
    schema: {
      operationId: route.id,
      summary: `${route.title.zh} ${route.title.en}`,
      tags: [route.tag],
      security: [{ oauth: [] }],
      ...rightOf(operation),
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { querystring: route.query }),
      ...(route.body === undefined ? {} : { body: route.body }),
      response: {
        [status]: { ...route.answer, description: route.title.en },
        ...(route.mayRun ? { 202: RUNNING } : {}),
        ...problemResponses(route.body !== undefined),
      },
    },
    async onRequest(request) {
      request.actor = await authorize(guard, request, operation);
      if (write !== undefined) idempotencyKey(request);
    },
    async handler(request, reply) {
      const { actor } = request;
      const client = write === undefined ? undefined : clientRequest(guard, request, actor);
      const outcome = await route.handle(
        request as unknown as Input<P, Q, B>,
        client === undefined ? { actor } : { actor, request: client },
      );
      if (isRefused(outcome)) await noteGuess(guard, actor, operation, outcome);
      return answer(reply, request, status, outcome);
    },
  });
}

/** For the OpenAPI document: the right that a route asks for. */
export function rightOf(operation: Operation): { 'x-erx-right': Operation } {
  return { 'x-erx-right': operation };
}

function answer(reply: FastifyReply, request: FastifyRequest, status: number, outcome: unknown): FastifyReply {
  if (isRefused(outcome)) return sendProblem(reply, request, outcome);
  if (typeof outcome === 'object' && outcome !== null && 'running' in outcome) {
    const key = encodeURIComponent(idempotencyKey(request));
    return reply
      .code(202)
      .headers({ 'retry-after': '1', location: `/v1/requests/${key}` })
      .send({ state: 'RUNNING' });
  }
  return reply.code(status).send(outcome);
}
