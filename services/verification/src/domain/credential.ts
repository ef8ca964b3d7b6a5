import { type Refusal, refusal } from '@erx/errors';
import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { formatInstant, parseInstant } from '@erx/values';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { readSignedJson } from './signed-json.ts';
import { signingKey } from './signing-key.ts';

const schema = Type.Object({
  schema: Type.Literal('erx.credential.v1'),
  authorityId: Type.String({ maxLength: 64 }),
  /** Good for one check. */
  credentialId: Type.String({ pattern: '^[A-Za-z0-9_.:-]{8,64}$' }),
  /** 医保电子凭证, 社会保障卡, 居民身份证. */
  kind: Type.Union([Type.Literal('E_VOUCHER'), Type.Literal('SOCIAL_SECURITY_CARD'), Type.Literal('ID_CARD')]),
  certType: Type.String(),
  certNo: Type.String(),
  name: Type.String(),
  /** The authority saw that the person is the one on the card. */
  faceMatch: Type.Boolean(),
  /** Where it was shown: an institution, or the client of a patient's app. */
  institutionId: Type.String(),
  issuedAt: Type.String(),
  expiresAt: Type.String(),
});

export type Credential = Omit<Static<typeof schema>, 'issuedAt' | 'expiresAt'> & {
  issuedAt: Date;
  expiresAt: Date;
  /** The exact signed bytes and the signature over them. */
  bytes: Uint8Array;
  signature: string;
};

const LONGEST = 8 * 1024;
const COMPACT = /^([\w-]+)\.([\w-]+)$/;

/** Reads `erx.credential.v1`: payload and signature in base64url, joined by a dot. Undefined for anything else. */
export function readCredential(text: string): Credential | undefined {
  const [, payload = '', signature = ''] = (text.length <= LONGEST && COMPACT.exec(text)) || [];
  const bytes = new Uint8Array(Buffer.from(payload, 'base64url'));
  const read = readSignedJson(bytes);
  if ('problem' in read || !Value.Check(schema, read.value)) return undefined;
  const issuedAt = parseInstant(read.value.issuedAt);
  const expiresAt = parseInstant(read.value.expiresAt);
  if (issuedAt === undefined || expiresAt === undefined) return undefined;
  const raw = Buffer.from(signature, 'base64url').toString('base64');
  return { ...read.value, issuedAt, expiresAt, bytes, signature: raw };
}

/**
 * HB-23a, CX-28b, CX-29a: made by an identity authority on record, shown here, now, by the person on the card. Nothing of a
 * credential is believed before its signature is.
 */
export function judgeCredential(
  credential: Credential,
  authority: Institution | undefined,
  { holderId, at }: { holderId: string; at: Date },
): Refusal[] {
  const { bytes, signature, issuedAt: signedAt, expiresAt, institutionId, faceMatch } = credential;
  if (authority?.kind !== 'AUTHORITY') return [invalidCredential('UNKNOWN_AUTHORITY')];
  if (signingKey(authority.keys, { bytes, signature, signedAt }, at) === undefined) {
    return [invalidCredential('NO_KEY_ON_RECORD_MADE_IT')];
  }
  const refused: Refusal[] = [];
  if (institutionId !== holderId) refused.push(invalidCredential('SHOWN_ELSEWHERE'));
  if (at >= expiresAt) refused.push(invalidCredential('EXPIRED', { expiresAt: formatInstant(expiresAt) }));
  if (!faceMatch) refused.push(refusal('IDENTITY_MISMATCH', { problem: 'NOT_THE_PERSON_ON_THE_CARD' }, FIELD));
  return refused;
}

const FIELD = '/credential';

export function invalidCredential(problem: string, figures: Record<string, string> = {}): Refusal {
  return refusal('CREDENTIAL_INVALID', { problem, ...figures }, FIELD);
}
