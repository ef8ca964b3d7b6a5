import { type Refusal, refusal, refuse } from '@erx/errors';
import { parseInstant } from '@erx/values';
import { Format, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifySchemaValidationError } from 'fastify';
import { Settings } from 'typebox/system';
import { RefusedError } from './refused-error.ts';
import { isStorable } from './texts.ts';

/** As many problems as one answer shows. */
const SHOWN = 100;

/** Checks requests against the route schemas: nothing in a body is converted, filled in or dropped. */
export function validateBySchema(app: FastifyInstance): void {
  Settings.Set({ maxErrors: SHOWN });
  Format.Set('date-time', (text) => parseInstant(text) !== undefined);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.addHook('preValidation', async ({ params, query }) => {
    if (valuesOf(params).some((text) => !isStorable(text))) throw new RefusedError(refuse('NOT_FOUND'));
    const unfit = Object.entries(query as object).filter((pair) => !valuesOf(pair).every(isStorable));
    if (unfit.length === 0) return;
    const at = (name: string) => (isStorable(name) ? `/query/${name.slice(0, SHOWN)}` : '/query');
    throw new RefusedError({ refused: unfit.slice(0, SHOWN).map(([name]) => problem('NOT_A_TEXT', at(name))) });
  });
}

const valuesOf = (parts: unknown): string[] =>
  Object.values(parts as object)
    .flat()
    .map(String);

/** Refusals of one part of a request, each with its place. Only what stands in the schema is repeated, never a value. */
export function toRefusals(problems: readonly FastifySchemaValidationError[], part: string | undefined): Refusal[] {
  const prefix = part === 'querystring' ? '/query' : '';
  const found = problems.flatMap(({ keyword, instancePath: at, params }) => {
    switch (keyword) {
      case 'required':
        return names(params['requiredProperties']).map((name) => problem('REQUIRED', `${prefix}${at}/${name}`));
      case 'boolean':
        return [problem('UNKNOWN_FIELD', prefix + (isStorable(at) ? at.slice(0, SHOWN) : ''))];
      // The entry for each property stands beside it.
      case 'additionalProperties':
      case 'anyOf':
        return [];
      default:
        return [problem(words[keyword] ?? keyword.toUpperCase(), prefix + at, limitOf(params))];
    }
  });
  return found.length > 0 ? found.slice(0, SHOWN) : [problem('NOT_AS_DESCRIBED', prefix)];
}

const words: Record<string, string> = {
  type: 'WRONG_TYPE',
  enum: 'UNKNOWN_VALUE',
  const: 'UNKNOWN_VALUE',
  pattern: 'WRONG_FORM',
  format: 'WRONG_FORM',
  minLength: 'TOO_SHORT',
  maxLength: 'TOO_LONG',
  minItems: 'TOO_FEW',
  maxItems: 'TOO_MANY',
  minimum: 'TOO_SMALL',
  maximum: 'TOO_LARGE',
};

function problem(word: string, field: string, limit: Record<string, string> = {}): Refusal {
  return refusal('REQUEST_INVALID', { problem: word, ...limit }, field);
}

function limitOf({ limit, type, pattern, format }: Record<string, unknown>): Record<string, string> {
  const expected = limit ?? type ?? pattern ?? format;
  return expected === undefined ? {} : { expected: String(expected) };
}

function names(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
