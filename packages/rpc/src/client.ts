import { setTimeout as sleep } from 'node:timers/promises';
import { type Refused, UnavailableError } from '@erx/errors';
import { currentTraceparent } from '@erx/telemetry';
import { ClientError, createChannel, createClient, Status } from 'nice-grpc';
import { type CallContext, toMetadata } from './call.ts';
import { readCredentials } from './credentials.ts';
import type { Definition, RequestOf, ResponseOf } from './definition.ts';
import { decodeRefusals, REFUSALS } from './refusals.ts';
import { watchCall, watchStream } from './watch-call.ts';

const DEADLINE_MS = 5_000;
/** Calls that wait for one service at once: a slow one must not fill its callers. */
const MAX_WAITING = 128;

/** Methods give the response or refusals; an UnavailableError says that the other side did not answer in time. */
export type Client<D extends Definition> = {
  [M in keyof D['methods']]: D['methods'][M]['responseStream'] extends true
    ? (
        request: RequestOf<D['methods'][M]>,
        context: CallContext,
        signal: AbortSignal,
      ) => AsyncIterable<ResponseOf<D['methods'][M]>>
    : (request: RequestOf<D['methods'][M]>, context: CallContext) => Promise<ResponseOf<D['methods'][M]> | Refused>;
} & AsyncDisposable;

type RawMethod = (request: unknown, options: Record<string, unknown>) => unknown;

/**
 * Opens a lasting connection to a service over mutual TLS, as the service `self`. Its certificate must be that of `peer`:
 * whoever holds the key of another service is not given a single request.
 */
export function connect<D extends Definition>(
  definition: D,
  address: string,
  tlsDir: string,
  self: string,
  peer: string = ownerOf(definition),
): Client<D> {
  const channel = createChannel(address, readCredentials(tlsDir, self).channel(), {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.max_receive_message_length': 16 * 1024 * 1024,
    // A certificate names its service; where that runs is not its matter.
    'grpc.ssl_target_name_override': peer,
  });
  const raw = createClient(definition as never, channel) as unknown as Record<string, RawMethod>;
  let waiting = 0;
  const call = async (name: string, invoke: RawMethod, request: unknown, context: CallContext): Promise<unknown> => {
    if (waiting >= MAX_WAITING) throw new UnavailableError(`${definition.fullName} has too many calls waiting`);
    waiting += 1;
    const watched = watchCall('client', self, `${definition.fullName}/${name}`);
    try {
      const answer = await watched.within(() => callUntilDeadline(invoke, request, context, definition.fullName));
      watched.end(answer);
      return answer;
    } catch (error) {
      watched.end(error);
      throw error;
    } finally {
      waiting -= 1;
    }
  };
  const client: Record<PropertyKey, unknown> = {
    async [Symbol.asyncDispose]() {
      channel.close();
    },
  };
  for (const [name, method] of Object.entries(definition.methods)) {
    const invoke = raw[name] as RawMethod;
    client[name] = method.responseStream
      ? (request: unknown, context: CallContext, signal: AbortSignal) =>
          watchStream('client', `${definition.fullName}/${method.name}`, signal, () => {
            const metadata = toMetadata(context, currentTraceparent());
            return invoke(request, { metadata, signal }) as AsyncIterable<unknown>;
          })
      : (request: unknown, context: CallContext) => call(method.name, invoke, request, context);
  }
  return client as Client<D>;
}

/** `erx.registry.v1.RegistryService` is served by registry. */
function ownerOf({ fullName }: Definition): string {
  const [, owner = ''] = fullName.split('.');
  return owner;
}

/** Every call of the hub may be repeated (reads, or writes with a key), so an unreachable service is tried again. */
async function callUntilDeadline(
  invoke: RawMethod,
  request: unknown,
  context: CallContext,
  service: string,
): Promise<unknown> {
  const deadline = Date.now() + (context.deadlineMs ?? DEADLINE_MS);
  for (let attempt = 0; ; attempt += 1) {
    let refusals: Uint8Array | undefined;
    const abort = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
    try {
      return await invoke(request, {
        metadata: toMetadata(context, currentTraceparent()),
        signal: abort,
        onTrailer: (trailer: { get(name: string): Uint8Array | undefined }) => {
          refusals = trailer.get(REFUSALS);
        },
      });
    } catch (error) {
      if (refusals !== undefined) return decodeRefusals(refusals);
      if (abort.aborted) throw new UnavailableError(`${service} did not answer in time`);
      if (!(error instanceof ClientError)) throw error;
      if (error.code === Status.RESOURCE_EXHAUSTED) throw new UnavailableError(`${service} has too much to do`);
      if (error.code !== Status.UNAVAILABLE) {
        throw new Error(`${service}: ${Status[error.code]}`, { cause: error });
      }
      const pause = Math.min(500, 40 * 2 ** attempt);
      if (attempt + 1 === context.tries || Date.now() + pause >= deadline)
        throw new UnavailableError(`${service} is unavailable`);
      await sleep(pause);
    }
  }
}
