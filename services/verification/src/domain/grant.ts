import { type Refused, refuse } from '@erx/errors';
import type { Actor } from '@erx/proto/common/v1/common';
import { formatInstant } from '@erx/values';

/** How long a person stays recognised at a counter, in business time. */
export const GRANT_MS = 30 * 60_000;

export type Grant = { holderId: string; purpose: string; expiresAt: Date };

/** Who asks: an institution, or the client of a patient's app, which has none. */
export function holderOf(actor: Actor, institutionId: string): string {
  return institutionId === '' ? actor.clientId : institutionId;
}

/** GRANT_INVALID unless the grant is alive and was given to this holder for this purpose; an unknown one is no grant. */
export function judgeGrant(
  grant: Grant | undefined,
  { holderId, purpose, at }: { holderId: string; purpose: string; at: Date },
): Refused | undefined {
  // Whoever holds somebody else's grant hears the same as who made one up.
  if (grant?.holderId !== holderId || grant.purpose !== purpose) return refuse('GRANT_INVALID', undefined, '/grantId');
  if (at < grant.expiresAt) return undefined;
  return refuse('GRANT_INVALID', { expiresAt: formatInstant(grant.expiresAt) }, '/grantId');
}

const PURPOSES: Record<string, string> = { PHARMACY: 'DISPENSE', PATIENT: 'PATIENT_ACCESS' };

/** A pharmacy asks to dispense, a patient's app to look; neither for anybody else. */
export function judgePurpose(actor: Actor, institutionId: string, purpose: string): Refused | undefined {
  const own = holderOf(actor, actor.institutionId);
  if (PURPOSES[actor.role] === purpose && holderOf(actor, institutionId) === own) return undefined;
  return refuse('ACCESS_SCOPE_DENIED', { role: actor.role }, '/purpose');
}
