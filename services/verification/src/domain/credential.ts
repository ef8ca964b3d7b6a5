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
  /** AGENT: somebody else holds it out for the person (代办). */
  presenter: Type.Optional(Type.Union([Type.Literal('PATIENT'), Type.Literal('AGENT')])),
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

/** Where and when it is shown. */
export type Shown = { holderId: string; at: Date };

/** What is wrong with a credential, as figures of a refusal. `proved`: its signature is believed, and so what it says. */
export type CredentialProblems = { proved: boolean; problems: Record<string, string>[] };

/** CX-29a: made by an identity authority on record, shown here and now. Nothing of it is believed before its signature is. */
export function credentialProblems(
  credential: Credential,
  authority: Institution | undefined,
  { holderId, at }: Shown,
): CredentialProblems {
  const { bytes, signature, issuedAt: signedAt, expiresAt, institutionId } = credential;
  if (authority?.kind !== 'AUTHORITY') return { proved: false, problems: [{ problem: 'UNKNOWN_AUTHORITY' }] };
  if (signingKey(authority.keys, { bytes, signature, signedAt }, at) === undefined) {
    return { proved: false, problems: [{ problem: 'NO_KEY_ON_RECORD_MADE_IT' }] };
  }
  const problems: Record<string, string>[] = [];
  if (institutionId !== holderId) problems.push({ problem: 'SHOWN_ELSEWHERE' });
  if (at >= expiresAt) problems.push({ problem: 'EXPIRED', expiresAt: formatInstant(expiresAt) });
  return { proved: true, problems };
}

/** HB-23a, CX-28b: a good credential, shown by the person on the card. One held out by an agent needs the agent's own. */
export function judgeCredential(credential: Credential, authority: Institution | undefined, shown: Shown): Refusal[] {
  const { proved, problems } = credentialProblems(credential, authority, shown);
  const refused = problems.map((figures) => refusal('CREDENTIAL_INVALID', figures, '/credential'));
  if (!proved) return refused;
  const { presenter, faceMatch } = credential;
  if (presenter === 'AGENT') refused.push(refusal('AGENT_IDENTITY_UNVERIFIED', { problem: 'AGENT_MISSING' }, '/agent'));
  else if (!faceMatch) refused.push(refusal('IDENTITY_MISMATCH', { problem: OTHER_FACE }, '/credential'));
  return refused;
}

export const OTHER_FACE = 'NOT_THE_PERSON_ON_THE_CARD';
