import { parseInstant } from '@erx/values';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { readSignedJson } from './signed-json.ts';

const result = Type.Union([Type.Literal('PASS'), Type.Literal('FAIL')]);
// Text that goes on into databases and to doctors: nothing that cannot be stored or shown.
const reason = Type.String({ maxLength: 500, pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*$' });

/** `erx.review.v1` (审方): signed by hospital pharmacists and by pharmacists of pharmacies. */
const schema = Type.Object({
  schema: Type.Literal('erx.review.v1'),
  prescriptionId: Type.String(),
  hiRxno: Type.String(),
  prescriptionSm3: Type.String(),
  reviewer: Type.String(),
  institutionId: Type.String(),
  rationalUse: result,
  payment: result,
  opinion: Type.Union([Type.Literal('APPROVED'), Type.Literal('REFUSED')]),
  reason,
  reviewedAt: Type.String(),
});

export type Review = Omit<Static<typeof schema>, 'reviewedAt'> & { reviewedAt: Date };

/** The review, or what is wrong with its form: a fixed word and a place in the document. */
export function readReview(bytes: Uint8Array): { review: Review } | { problem: string; pointer: string } {
  const read = readSignedJson(bytes);
  if ('problem' in read) return { problem: read.problem, pointer: '' };
  const { value } = read;
  if (!Value.Check(schema, value)) {
    const [first] = Value.Errors(schema, value);
    return { problem: 'NOT_THE_SCHEMA', pointer: first?.instancePath ?? '' };
  }
  const reviewedAt = parseInstant(value.reviewedAt);
  return reviewedAt === undefined
    ? { problem: 'NOT_AN_INSTANT', pointer: '/reviewedAt' }
    : { review: { ...value, reviewedAt } };
}
