import { type Refused, refusal } from '@erx/errors';
import type { Call } from './call.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The same handler, which is asked only where these fields are ids; otherwise REQUEST_INVALID names those that are none. */
export function withIds<R extends object, A>(
  fields: readonly (keyof R & string)[],
  handle: (request: R, call: Call) => Promise<A | Refused>,
): (request: R, call: Call) => Promise<A | Refused> {
  return async (request, call) => {
    const wrong = fields.filter((field) => !UUID.test(String(request[field])));
    if (wrong.length === 0) return handle(request, call);
    return { refused: wrong.map((field) => refusal('REQUEST_INVALID', { problem: 'WRONG_FORM' }, `/${field}`)) };
  };
}
