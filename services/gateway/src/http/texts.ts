import { type Refusal, refusal } from '@erx/errors';

/** Only an escape can bring NUL or half a character into well-formed UTF-8 JSON. */
const SUSPECT_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** NUL and lone surrogates have no place in a database or a signed document: where they stand in a JSON value. */
export function textProblems(json: string, value: unknown): Refusal[] {
  return SUSPECT_ESCAPE.test(json) ? [...problemsOf(value, '')] : [];
}

/** A text that every part of the hub can store. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function* problemsOf(value: unknown, at: string): Generator<Refusal> {
  if (typeof value === 'string') {
    if (!isStorable(value)) yield refusal('REQUEST_INVALID', { problem: 'NOT_A_TEXT' }, at);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (isStorable(name)) yield* problemsOf(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      else yield refusal('REQUEST_INVALID', { problem: 'NOT_A_TEXT' }, at);
    }
  }
}
