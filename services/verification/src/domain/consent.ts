import { refusal } from '@erx/errors';
import { sm3Hex } from '@erx/gm';
import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { parseInstant } from '@erx/values';
import type { Offered } from './evidence-list.ts';
import { type Judged, validProof } from './proof.ts';
import { isSignatureImage } from './signature-image.ts';
import { readSignedJson } from './signed-json.ts';
import { signingKey } from './signing-key.ts';

export type ConsentFacts = {
  documentSm3: string;
  certNo: string;
  /** The profile demands consent (patientConsentRequired). */
  required: boolean;
  /** The signer, if the reference data knows such an institution. */
  authority: Institution | undefined;
  at: Date;
};

/**
 * CX-21h, GX-2-2b: the patient agreed to the outflow of exactly this document: a statement of the identity authority, or
 * the patient's signature as an image tied to the document. Whatever proves nothing is PATIENT_CONSENT_MISSING. The proof
 * names nobody yet and holds clear content: both change when the person is known and sealed.
 */
export function judgeConsent(offered: Offered | undefined, facts: ConsentFacts): Judged {
  if (offered === undefined) return facts.required ? missing('MISSING', '/evidence') : { refused: [] };
  switch (offered.format) {
    case 'AUTHORITY_STATEMENT':
      return judgeStatement(offered, facts);
    case 'SIGNATURE_IMAGE':
      return judgeImage(offered, facts);
    default:
      return missing('PROVES_NOTHING', offered.pointer);
  }
}

function judgeStatement(offered: Offered, { authority, documentSm3, certNo, at }: ConsentFacts): Judged {
  const { content: bytes, signature, pointer, format } = offered;
  if (authority?.kind !== 'AUTHORITY') return missing('UNKNOWN_AUTHORITY', `${pointer}/signer`);
  const read = readSignedJson(bytes);
  const statement = 'value' in read ? read.value : {};
  const signedAt = typeof statement['at'] === 'string' ? parseInstant(statement['at']) : undefined;
  const says = statement['schema'] === 'erx.consent.v1' && statement['statement'] === 'OUTFLOW_CONSENT';
  if (!says || signedAt === undefined) return missing('NO_STATEMENT_OF_CONSENT', `${pointer}/content`);
  const keyId = signingKey(authority.keys, { bytes, signature, signedAt }, at);
  if (keyId === undefined) return missing('NO_KEY_ON_RECORD_MADE_IT', `${pointer}/signature`);
  const bound = statement['documentSm3'] === documentSm3 && statement['certNo'] === certNo;
  if (!bound) return missing('OTHER_DOCUMENT_OR_PERSON', `${pointer}/content`);
  return validProof({ role: 'PATIENT_CONSENT', signer: '', format, signature, keyId, signedAt }, bytes);
}

/** Nobody's key, and the image does not say when it was drawn. */
function judgeImage({ content, signature, pointer, format }: Offered, { documentSm3 }: ConsentFacts): Judged {
  if (!isSignatureImage(content)) return missing('NO_IMAGE', `${pointer}/content`);
  const bound = signature === sm3Hex(Buffer.concat([Buffer.from(documentSm3), content]));
  if (!bound) return missing('OTHER_DOCUMENT_OR_PERSON', `${pointer}/signature`);
  const nothing = { keyId: '', signedAt: undefined };
  return validProof({ role: 'PATIENT_CONSENT', signer: '', format, signature, ...nothing }, content);
}

function missing(problem: string, field: string): Judged {
  return { refused: [refusal('PATIENT_CONSENT_MISSING', { problem }, field)] };
}
