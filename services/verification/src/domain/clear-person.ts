import { type Refusal, refusal } from '@erx/errors';
import type { ClearPerson } from '@erx/proto/verification/v1/verification_service';
import { citizenIdProblem } from '@erx/values';

/** Identity card (居民身份证): the only document that the hub knows so far. */
const IDENTITY_CARD = '01';
const LONGEST_NAME = 100;
/** Digits in any grouping. */
const PHONE = /^(?=.*\d)[0-9+ -]{1,32}$/;

/** What is wrong with a person's form, as REQUEST_INVALID with the places below `pointer`; never a value. */
export function personProblems({ certType, certNo, name, phone }: ClearPerson, pointer: string): Refusal[] {
  const problems: [member: string, problem: string | undefined][] = [
    ['certType', certType === IDENTITY_CARD ? undefined : 'UNKNOWN_VALUE'],
    ['certNo', citizenIdProblem(certNo)],
    ['name', isName(name) ? undefined : 'NOT_A_NAME'],
    ['phone', phone === '' || isPhoneNumber(phone) ? undefined : 'NOT_A_PHONE_NUMBER'],
  ];
  return problems.flatMap(([member, problem]) =>
    problem === undefined ? [] : [refusal('REQUEST_INVALID', { problem }, `${pointer}/${member}`)],
  );
}

export function isPhoneNumber(phone: string): boolean {
  return PHONE.test(phone);
}

function isName(name: string): boolean {
  return name !== '' && name === name.trim() && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name);
}
