import { isRefused, type Refused, UnavailableError } from '@erx/errors';
import { callers } from '@erx/proto/callers';
import { actorOf, type CallContext, type Client, connect } from '@erx/rpc';
import { type ServiceName, serviceNames } from '../services.ts';

export type GrpcTarget = { addresses: Record<ServiceName, string>; tls: string };
/** `status`: of the call, where it gave neither an answer nor a refusal. */
export type Outcome = { answered: true } | Refused | { status: string };

/** What grpc-js says of bytes that are no message, beside the status of a failure inside. */
const UNREADABLE = 'Error deserializing request';

/** Bytes as they are: whoever asks makes them, and only wants to know how they are taken. */
const raw = {
  encode: (bytes: Uint8Array) => ({ finish: () => bytes }),
  decode: (bytes: Uint8Array) => bytes,
};

const one = (name: string) => ({
  name,
  requestType: raw,
  responseType: raw,
  requestStream: false,
  responseStream: false,
  options: {},
});

type RawClient = Client<{ name: string; fullName: string; methods: Record<string, ReturnType<typeof one>> }>;
export type AskRaw = AsyncDisposable & {
  ask(method: string, message: Uint8Array, context: Partial<CallContext>): Promise<Outcome>;
};

/** Calls the methods (`importReference`) of a contract by its full name, as any service of the hub, with any bytes. */
export function openRaw(target: GrpcTarget, contract: string, caller: string): AskRaw {
  const peer = ownerOf(contract);
  const names = Object.keys(callers[contract] ?? {});
  const methods = Object.fromEntries(names.map((name) => [name, one(name.slice(0, 1).toUpperCase() + name.slice(1))]));
  const definition = { name: contract, fullName: contract, methods };
  const client: RawClient = connect(definition, target.addresses[peer], target.tls, caller, peer);
  return {
    async ask(method, message, { actor = actorOf({}), ...context }) {
      try {
        const answer = await client[method]?.(message, { actor, ...context });
        return isRefused(answer) ? answer : { answered: true };
      } catch (error) {
        if (error instanceof UnavailableError) return { status: 'UNAVAILABLE' };
        const { message, cause } = error as Error;
        if (String(cause).includes(UNREADABLE)) return { status: 'unreadable' };
        return { status: message.split(': ').at(-1) ?? '' };
      }
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Which service answers a contract; the one that all answer is asked of dispensing. */
function ownerOf(contract: string): ServiceName {
  const [, owner = ''] = contract.split('.');
  return serviceNames.find((name) => name === owner) ?? 'dispensing';
}
