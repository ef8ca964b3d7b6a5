import { parseInstant } from '@erx/values';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { readSignedJson } from './signed-json.ts';

/** `erx.endorsement.v1` (复核): another doctor stands for a prescription whose signer is no longer admitted. */
const schema = Type.Object({
  schema: Type.Literal('erx.endorsement.v1'),
  prescriptionId: Type.String(),
  hiRxno: Type.String(),
  prescriptionSm3: Type.String(),
  doctorId: Type.String(),
  hospitalId: Type.String(),
  endorsedAt: Type.String(),
});

export type Endorsement = Omit<Static<typeof schema>, 'endorsedAt'> & { endorsedAt: Date };

/** The endorsement, or what is wrong with its form: a fixed word and a place in the document. */
export function readEndorsement(
  bytes: Uint8Array,
): { endorsement: Endorsement } | { problem: string; pointer: string } {
  const read = readSignedJson(bytes);
  if ('problem' in read) return { problem: read.problem, pointer: '' };
  const { value } = read;
  if (!Value.Check(schema, value)) {
    const [first] = Value.Errors(schema, value);
    return { problem: 'NOT_THE_SCHEMA', pointer: first?.instancePath ?? '' };
  }
  const endorsedAt = parseInstant(value.endorsedAt);
  return endorsedAt === undefined
    ? { problem: 'NOT_AN_INSTANT', pointer: '/endorsedAt' }
    : { endorsement: { ...value, endorsedAt } };
}
