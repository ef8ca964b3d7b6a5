import type { Refusal } from '@erx/errors';
import { sm3Hex } from '@erx/gm';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';

/** What became of an offered proof: one that holds, or every reason against it; neither when none is needed. */
export type Judged = { proof?: Evidence; refused: readonly Refusal[] };

type Checked = Pick<Evidence, 'role' | 'signer' | 'format' | 'signature' | 'keyId' | 'signedAt'>;

/** A proof that holds. `content` is empty where the signed bytes are kept as the document itself. */
export function validProof(checked: Checked, bytes: Uint8Array, content: Uint8Array = bytes): Judged {
  return {
    proof: { ...checked, bytesSm3: sm3Hex(bytes), content, contentSealed: false, result: 'VALID' },
    refused: [],
  };
}
