import { type Refusal, refusal } from '@erx/errors';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { admissionProblems } from './admission.ts';
import { readJson } from './medical-part.ts';

/** A prescription as somebody shall stand for it. */
export type Endorsed = {
  hiRxno: string;
  hospitalId: string;
  /** Who wrote it. */
  doctorId: string;
  lines: readonly { drugClass: string; doctorScheme: string }[];
};

/**
 * HB-22-0, A-6 复核: another doctor of the hospital, whom the rules that the lines were judged by admit today, stands for it.
 * What verification has against the signature is said along with it, each reason once.
 */
export function endorsementProblems(
  { hiRxno, hospitalId, doctorId, lines }: Endorsed,
  endorser: { doctorId: string; doctor: Practitioner | undefined },
  checked: { evidence: Evidence | undefined; refused: readonly Refusal[] },
  at: Date,
): Refusal[] {
  const classes = lines.map(({ drugClass, doctorScheme: scheme }) => ({ drugClass, scheme }));
  const refused = admissionProblems({ doctor: endorser.doctor, hospitalId, at, classes });
  if (endorser.doctorId === doctorId) {
    refused.push(refusal('REQUEST_INVALID', { problem: 'NOT_ANOTHER_DOCTOR' }, '/doctorId'));
  }
  if (checked.evidence !== undefined && numberIn(checked.evidence) !== hiRxno) {
    refused.push(refusal('PRESCRIPTION_TAMPERED', { pointers: '/hiRxno' }, '/document'));
  }
  const said = new Set(refused.map(({ code, field }) => `${code} ${field}`));
  return [...refused, ...checked.refused.filter(({ code, field }) => !said.has(`${code} ${field}`))];
}

function numberIn({ content }: Evidence): unknown {
  const document = readJson(content);
  return typeof document === 'object' && document !== null && 'hiRxno' in document ? document.hiRxno : undefined;
}
