import type { Period } from '@erx/proto/registry/v1/registry_events';
import { each, expect, type Problems } from './problems.ts';

/** Six digits; whether the place exists is not looked up: numbers outlive their counties. */
export function* checkDivision(division: string, at: string): Problems {
  yield* expect(/^[1-9]\d{5}$/.test(division), at, 'NOT_A_DIVISION');
}

/** Something to read: not blank, at most 200 characters, none of them a control character. */
export function* checkText(text: string, at: string): Problems {
  yield* expect(text.trim() !== '' && text.length <= 200 && !/\p{Cc}/u.test(text), at, 'NOT_A_TEXT');
}

/** An identifier that others refer to. */
export function* checkId(id: string, at: string): Problems {
  yield* expect(/^[\w.:-]{1,64}$/.test(id), at, 'NOT_AN_ID');
}

export function* checkOneOf(value: string, allowed: readonly string[], at: string): Problems {
  yield* expect(allowed.includes(value), at, 'UNKNOWN_VALUE');
}

/** Half-open: `from` is required, and `to`, where there is one, comes after it. */
export function* checkPeriod(period: Period | undefined, at: string): Problems {
  if (period?.from === undefined) {
    yield { pointer: at, problem: 'PERIOD_MISSING' };
    return;
  }
  yield* expect(isInstant(period.from), `${at}/from`, 'NOT_AN_INSTANT');
  if (period.to === undefined) return;
  yield* expect(isInstant(period.to), `${at}/to`, 'NOT_AN_INSTANT');
  yield* expect(!(period.to <= period.from), `${at}/to`, 'ENDS_BEFORE_IT_BEGINS');
}

export function* checkPeriods(periods: readonly Period[], at: string): Problems {
  yield* each(periods, at, checkPeriod);
}

// Outside the years 1 to 9999 a date has no RFC 3339 text and no row in the database.
function isInstant(date: Date): boolean {
  return date.getTime() >= Date.UTC(1900) && date.getTime() < Date.UTC(10_000);
}
