import { type Database, findRequest } from '@erx/postgres';
import { SystemServiceDefinition } from '@erx/proto/common/v1/system_service';
import type { BusinessClock } from './clock.ts';
import { type ServedContract, serve } from './server.ts';

/** The contract that every service answers beside its own: business clock, outcome of a request by its key. */
export function systemContract(clock: BusinessClock, database: Database): ServedContract {
  return serve(SystemServiceDefinition, {
    applyClock: {
      operation: 'internal',
      handle: async ({ version, offsetMs }) => {
        clock.apply(version, offsetMs);
        return { businessTime: clock.now() };
      },
    },
    getRequest: {
      operation: 'request.read',
      handle: async ({ key }, call) => {
        const stored = await findRequest(database, call.actor.clientId, key);
        if (stored === undefined) return { state: 'NONE', operation: '', answer: new Uint8Array() };
        const { operation, answer } = stored;
        return { state: answer === null ? 'RUNNING' : 'DONE', operation, answer: answer ?? new Uint8Array() };
      },
    },
  });
}
