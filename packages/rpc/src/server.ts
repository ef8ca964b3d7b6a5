import { setTimeout as sleep } from 'node:timers/promises';
import { mayPerform, type Operation } from '@erx/auth';
import { isRefused, type Refused, refuse, UnavailableError } from '@erx/errors';
import { isTransient, isUnfitText } from '@erx/postgres';
import { mayCall } from '@erx/proto/callers';
import { type Logger, withTraceparent } from '@erx/telemetry';
import { createServer, type CallContext as GrpcContext, ServerError, Status } from 'nice-grpc';
import { type Call, fromMetadata, TRACEPARENT } from './call.ts';
import type { BusinessClock } from './clock.ts';
import { readCredentials } from './credentials.ts';
import type { Definition, RequestOf, ResponseOf } from './definition.ts';
import { nameTheCaller } from './peer.ts';
import type { RefusalRecorder } from './record-refusals.ts';
import { encodeRefusals, REFUSALS } from './refusals.ts';
import { watchCall, watchStream } from './watch-call.ts';

/** One handler per method: which operation it is, and the use case itself. */
export type Handlers<D extends Definition> = {
  [M in keyof D['methods']]: D['methods'][M]['responseStream'] extends true
    ? {
        operation: Operation;
        stream: (
          request: RequestOf<D['methods'][M]>,
          call: Call,
          signal: AbortSignal,
        ) => AsyncIterable<ResponseOf<D['methods'][M]>>;
      }
    : {
        operation: Operation;
        handle: (request: RequestOf<D['methods'][M]>, call: Call) => Promise<ResponseOf<D['methods'][M]> | Refused>;
      };
};

export type ServedContract = { definition: Definition; handlers: Record<string, Handler> };

type Handler = {
  operation: Operation;
  handle?: (request: never, call: Call) => Promise<unknown>;
  stream?: (request: never, call: Call, signal: AbortSignal) => AsyncIterable<unknown>;
};

/** Pairs a contract with its handlers; the types must agree. */
export function serve<D extends Definition>(definition: D, handlers: Handlers<D>): ServedContract {
  return { definition, handlers: handlers as unknown as Record<string, Handler> };
}

type Options = {
  /** host:port; port 0 takes a free one. */
  listen: string;
  tlsDir: string;
  service: string;
  clock: BusinessClock;
  contracts: readonly ServedContract[];
  recordRefusals: RefusalRecorder;
  log: Logger;
  /** Calls that are answered at once; one more is turned away before it costs anything. */
  maxCalls?: number;
};

/** Many times what the database pool works on at once: whoever waits behind so many would wait too long. */
const MAX_CALLS = 200;

/** Starts a gRPC server over mutual TLS. Disposing it lets running calls finish, at most eight seconds. */
export async function startServer(options: Options): Promise<AsyncDisposable & { port: number }> {
  const server = createServer({
    'grpc.max_receive_message_length': 16 * 1024 * 1024,
    'grpc.keepalive_time_ms': 20_000,
    // nice-grpc hands its options on to grpc-js, whose type of them is wider.
    ...({ interceptors: [nameTheCaller] } as object),
  });
  const room = countRoom(options.maxCalls ?? MAX_CALLS);
  for (const { definition, handlers } of options.contracts) {
    const implementation: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(definition.methods)) {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`no handler for ${definition.fullName}/${name}`);
      const admit = admission(options, definition.fullName, name);
      const fullName = `${definition.fullName}/${method.name}`;
      implementation[name] = method.responseStream
        ? streaming(options, fullName, handler, admit)
        : unary(options, fullName, handler, admit, room);
    }
    server.add(definition as never, implementation as never);
  }
  const port = await server.listen(options.listen, readCredentials(options.tlsDir, options.service).server());
  return {
    port,
    async [Symbol.asyncDispose]() {
      const forced = new AbortController();
      await Promise.race([server.shutdown(), sleep(8_000, undefined, { signal: forced.signal }).catch(() => {})]);
      forced.abort();
      server.forceShutdown();
    },
  };
}

type Room = { take(): Disposable };

/** Throws when all places are taken. */
function countRoom(places: number): Room {
  let taken = 0;
  return {
    take() {
      if (taken >= places) throw new ServerError(Status.RESOURCE_EXHAUSTED, 'too many calls at once');
      taken += 1;
      return {
        [Symbol.dispose]() {
          taken -= 1;
        },
      };
    },
  };
}

type Admission = (context: GrpcContext) => Call;

/** Reads who calls; throws when the table beside the contracts does not give this method to that service. */
function admission({ clock, log }: Options, contract: string, method: string): Admission {
  return ({ metadata }) => {
    const call = fromMetadata(metadata, clock.now(), clock.machine());
    // The actor of whatever is recorded goes on to every database.
    if (Object.values(call.actor).some((text) => text.includes('\0'))) throw unfitText();
    if (mayCall(contract, method, call.caller)) return call;
    log.warn({ contract, method, caller: call.caller }, 'refused a service that may not call this');
    throw new ServerError(Status.PERMISSION_DENIED, 'not for this service');
  };
}

function unary(options: Options, method: string, handler: Handler, admit: Admission, room: Room) {
  return async (request: never, context: GrpcContext): Promise<unknown> => {
    const call = admit(context);
    using _place = room.take();
    // Awaited: the place is taken until the answer is there.
    return await withTraceparent(context.metadata.get(TRACEPARENT), async () => {
      const watched = watchCall('server', options.service, method);
      const outcome = await watched.within(() => answer(options, handler, request, call));
      watched.end(outcome);
      if (outcome instanceof ServerError) throw outcome;
      if (!isRefused(outcome)) return outcome;
      context.trailer.set(REFUSALS, encodeRefusals(outcome));
      throw new ServerError(Status.FAILED_PRECONDITION, 'refused');
    });
  };
}

async function answer(options: Options, handler: Handler, request: never, call: Call): Promise<unknown> {
  try {
    const outcome = permitted(call, handler.operation)
      ? await handler.handle?.(request, call)
      : refuse('ACCESS_SCOPE_DENIED', { operation: handler.operation, role: call.actor.role });
    if (isRefused(outcome)) await options.recordRefusals(handler.operation, request, call, outcome);
    return outcome;
  } catch (error) {
    return statusOf(error, handler.operation, options.log);
  }
}

function streaming(options: Options, method: string, handler: Handler, admit: Admission) {
  return async function* (request: never, context: GrpcContext): AsyncGenerator<unknown> {
    const call = admit(context);
    const { metadata, signal } = context;
    if (!permitted(call, handler.operation)) throw new ServerError(Status.PERMISSION_DENIED, 'refused');
    const open = () => handler.stream?.(request, call, signal) ?? [];
    try {
      yield* withTraceparent(metadata.get(TRACEPARENT), () => watchStream('server', method, signal, open));
    } catch (error) {
      if (!signal.aborted) throw statusOf(error, handler.operation, options.log);
    }
  };
}

// An `internal` call is the calling service's own; everything else needs the role, whoever passes it on.
function permitted(call: Call, operation: Operation): boolean {
  return operation === 'internal' || mayPerform(call.actor.role, operation);
}

const unfitText = () => new ServerError(Status.INVALID_ARGUMENT, 'a text holds NUL');

function statusOf(error: unknown, operation: string, log: Logger): ServerError {
  if (error instanceof ServerError) return error;
  if (error instanceof UnavailableError || isTransient(error)) {
    log.warn({ err: error, operation }, 'temporarily unavailable');
    return new ServerError(Status.UNAVAILABLE, 'temporarily unavailable');
  }
  if (isUnfitText(error)) {
    log.warn({ err: error, operation }, 'refused a text that no database keeps');
    return unfitText();
  }
  log.error({ err: error, operation }, 'unexpected failure');
  return new ServerError(Status.INTERNAL, 'internal error');
}
