import { randomUUID } from 'node:crypto';
import { formatInstant } from '@erx/values';
import { consentContent, imageBinding, signed } from './documents.ts';
import type { Evidence, Person } from './types.ts';

/** What the authority saw: whether the person is the one on the card, and who holds the card out. */
type Seen = { faceMatch: boolean; presenter: 'PATIENT' | 'AGENT' };

const LIFE_MS = 10 * 60_000;

/**
 * The outside authority that looks at a person and a card (人证核验) and says in writing who it saw. It never talks to
 * the hub: the hub knows its public key.
 */
export class IdentityAuthority {
  readonly #authorityId: string;
  readonly #privateKey: string;

  constructor(authorityId: string, privateKey: string) {
    this.#authorityId = authorityId;
    this.#privateKey = privateKey;
  }

  /** Credential for one institution: payload and signature in base64url, joined by a dot. */
  credential(person: Person, institutionId: string, at: Date, seen: Partial<Seen> = {}): string {
    const { bytes, signature } = signed(this.#privateKey, {
      schema: 'erx.credential.v1',
      authorityId: this.#authorityId,
      credentialId: randomUUID(),
      kind: 'E_VOUCHER',
      certType: person.certType,
      certNo: person.certNo,
      name: person.name,
      faceMatch: true,
      ...seen,
      institutionId,
      issuedAt: formatInstant(at),
      expiresAt: formatInstant(new Date(at.getTime() + LIFE_MS)),
    });
    return `${Buffer.from(bytes).toString('base64url')}.${Buffer.from(signature, 'base64').toString('base64url')}`;
  }

  consent(documentSm3: string, person: Person, at: Date): Evidence {
    const { bytes, signature } = signed(this.#privateKey, consentContent(documentSm3, person, at));
    return {
      role: 'PATIENT_CONSENT',
      format: 'AUTHORITY_STATEMENT',
      signer: this.#authorityId,
      content: Buffer.from(bytes).toString('base64'),
      signature,
    };
  }
}

/** Consent by the patient's own hand: the image, bound to the document. */
export function handwrittenConsent(documentSm3: string, image: Uint8Array): Evidence {
  return {
    role: 'PATIENT_CONSENT',
    format: 'SIGNATURE_IMAGE',
    content: Buffer.from(image).toString('base64'),
    signature: imageBinding(documentSm3, image),
  };
}
