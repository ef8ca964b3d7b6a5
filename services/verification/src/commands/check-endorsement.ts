import type { Refused } from '@erx/errors';
import type {
  CheckEndorsementRequest,
  CheckEndorsementResponse,
} from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { judgeEndorsement } from '../domain/judge-endorsement.ts';
import type { Parts } from '../parts.ts';

/** 复核签名: did a doctor of this hospital sign for exactly this prescription? Gives the proof. Changes nothing. */
export async function checkEndorsement(
  { reference }: Pick<Parts, 'reference'>,
  { document: bytes, doctorId, signature, hospitalId, prescriptionId, prescriptionSm3 }: CheckEndorsementRequest,
  { at }: Call,
): Promise<CheckEndorsementResponse | Refused> {
  const doctor = reference.practitioner(doctorId);
  const facts = { hospitalId, prescriptionId, prescriptionSm3, doctor, at };
  const { proof, refused } = judgeEndorsement({ bytes, doctorId, signature }, facts);
  return proof === undefined ? { refused } : { evidence: proof };
}
