import { type Refusal, refusal } from '@erx/errors';
import type { PrecheckRequest } from '@erx/proto/issuing/v1/issuing_service';
import { addHours, formatInstant, WHOLE } from '@erx/values';
import type { RequestedLine } from './precheck-facts.ts';
import { outflowReasons } from './rules/outflow-reason.ts';

/** 处方管理办法: at most five drugs. */
const MAX_LINES = 5;
/** CX-28c: the hospital's clock may run ahead by so much, and a pre-check may come so much later than the visit. */
const AHEAD_HOURS = 5 / 60;
const LATE_HOURS = 24;
/** Longer than any region's validity; keeps dates within what can be stored. */
const MAX_VALID_DAYS = 90;
const MAX_DIAGNOSES = 20;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What makes a request impossible to judge, each REQUEST_INVALID with its pointer and a fixed word. */
export function formProblems(request: PrecheckRequest, now: Date): Refusal[] {
  return [
    ...unless(UUID.test(request.patient?.personId ?? ''), '/patient', 'NOT_IDENTIFIED'),
    ...unless(isText(request.doctorId), '/doctorId', 'NOT_A_TEXT'),
    ...unless(isText(request.category), '/category', 'NOT_A_TEXT'),
    ...issueTime(request.prescribedAt, now),
    ...unless(request.validDays >= 0 && request.validDays <= MAX_VALID_DAYS, '/validDays', 'OUT_OF_RANGE'),
    ...unless(outflowReasons.includes(request.outflowReason), '/outflowReason', 'UNKNOWN_VALUE'),
    ...unless(request.diagnoses.length <= MAX_DIAGNOSES, '/diagnoses', 'TOO_MANY'),
    ...request.diagnoses.flatMap(({ code, name }, index) => [
      ...unless(isText(code), `/diagnoses/${index}/code`, 'NOT_A_TEXT'),
      ...unless(isText(name), `/diagnoses/${index}/name`, 'NOT_A_TEXT'),
    ]),
    ...unless(request.lines.length > 0, '/lines', 'EMPTY'),
    ...unless(request.lines.length <= MAX_LINES, '/lines', 'TOO_MANY'),
    ...request.lines.flatMap((line, index) => lineProblems(line, index, request.lines)),
  ];
}

function issueTime(prescribedAt: Date | undefined, now: Date): Refusal[] {
  if (prescribedAt === undefined || !isStorable(prescribedAt)) return unless(false, '/prescribedAt', 'NOT_AN_INSTANT');
  const problem =
    prescribedAt > addHours(now, AHEAD_HOURS)
      ? 'IN_THE_FUTURE'
      : prescribedAt < addHours(now, -LATE_HOURS)
        ? 'TOO_OLD'
        : undefined;
  if (problem === undefined) return [];
  const figures = { problem, prescribedAt: formatInstant(prescribedAt), now: formatInstant(now) };
  return [refusal('REQUEST_INVALID', figures, '/prescribedAt')];
}

function lineProblems(line: RequestedLine, index: number, all: readonly RequestedLine[]): Refusal[] {
  const earlier = all.slice(0, index).some(({ drugCode }) => drugCode === line.drugCode);
  return [
    ...unless(isText(line.drugCode), `/lines/${index}/drugCode`, 'NOT_A_TEXT'),
    ...unless(!earlier, `/lines/${index}/drugCode`, 'DUPLICATE'),
    // Unpacked sales come later: until then a fraction of a pack could not be dispensed.
    ...unless(line.quantity > 0n && line.quantity % WHOLE === 0n, `/lines/${index}/quantity`, 'NOT_WHOLE_PACKS'),
    ...unless(line.days > 0, `/lines/${index}/days`, 'NOT_POSITIVE'),
    ...unless(isText(line.usage), `/lines/${index}/usage`, 'NOT_A_TEXT'),
  ];
}

// Outside these years a date has no RFC 3339 text and no row in the database.
function isStorable(date: Date): boolean {
  return date.getTime() >= Date.UTC(1900) && date.getTime() < Date.UTC(9999);
}

/** Something to read: not blank, at most 500 characters, no control character. */
export function isText(text: string): boolean {
  return text.trim() !== '' && text.length <= 500 && !/\p{Cc}/u.test(text);
}

function unless(holds: boolean, pointer: string, problem: string): Refusal[] {
  return holds ? [] : [refusal('REQUEST_INVALID', { problem }, pointer)];
}
