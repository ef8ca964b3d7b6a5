import { type Refusal, type Refused, refusal } from '@erx/errors';
import type { ClearPerson, ImportedPerson } from '@erx/proto/verification/v1/verification_service';
import { personProblems } from './clear-person.ts';

export type WholePerson = ImportedPerson & { person: ClearPerson };

// Refusals travel in one gRPC trailer, which holds 64 KB.
const SHOWN = 100;

/** The persons of an import, each named once and well formed; or every problem, at its place. */
export function readImport(persons: readonly ImportedPerson[]): WholePerson[] | Refused {
  const whole: WholePerson[] = [];
  const refused: Refusal[] = [];
  const seen = new Set<string>();
  for (const [index, imported] of persons.entries()) {
    const pointer = `/persons/${index}`;
    const { person } = imported;
    if (person === undefined) {
      refused.push(refusal('REQUEST_INVALID', { problem: 'PERSON_MISSING' }, pointer));
      continue;
    }
    refused.push(...personProblems(person, pointer));
    const identity = `${person.certType}/${person.certNo}`;
    if (seen.has(identity)) refused.push(refusal('REQUEST_INVALID', { problem: 'DUPLICATE' }, `${pointer}/certNo`));
    seen.add(identity);
    whole.push({ ...imported, person });
  }
  return refused.length === 0 ? whole : { refused: shown(refused) };
}

/** A list too long for an answer ends in the number of those left out. */
function shown(refused: readonly Refusal[]): Refusal[] {
  const left = refused.length - SHOWN;
  if (left <= 0) return [...refused];
  return [...refused.slice(0, SHOWN), refusal('REQUEST_INVALID', { problem: 'MORE_PROBLEMS', count: String(left) })];
}
