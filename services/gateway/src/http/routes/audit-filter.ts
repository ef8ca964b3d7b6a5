import { refuse } from '@erx/errors';
import type { Filter } from '@erx/proto/audit/v1/audit_service';
import { events } from '@erx/proto/topics';
import Type, { type Static } from 'typebox';
import { toInstant } from '../mappers/values.ts';
import { RefusedError } from '../refused-error.ts';
import { Division, Instant } from '../schemas/values.ts';

const Position = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  default: 0,
  description: 'number after which to begin',
});

/** Where reading begins and what of the division is wanted. */
export const replay = {
  after: Type.Optional(Position),
  since: Type.Optional({ ...Instant, description: 'begin with what was recorded then, instead of `after`; RFC 3339' }),
  type: Type.Optional(
    Type.String({
      pattern: '^[\\w.]{1,100}(,[\\w.]{1,100}){0,49}$',
      maxLength: 5_100,
      description: 'kinds of events, joined by commas',
    }),
  ),
  place: Type.Optional({ ...Division, description: 'division that the event also belongs to' }),
};
const Query = Type.Object(replay);

/** Throws the refusal of a kind that does not exist: a misspelt filter would wait for ever. */
export function filterOf({ type, place = '' }: Static<typeof Query>): Filter | undefined {
  if (type === undefined && place === '') return undefined;
  const types = type === undefined ? [] : type.split(',');
  if (!types.every((each) => Object.hasOwn(events, each))) {
    throw new RefusedError(refuse('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, '/query/type'));
  }
  return { types, place };
}

export function sinceOf({ since }: Static<typeof Query>): Date | undefined {
  return since === undefined ? undefined : toInstant(since);
}
