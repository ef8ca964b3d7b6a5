import type { Actor, EventContext } from '@erx/proto/common/v1/common';

/** What events say, each where it applies, under the same name in every contract. */
type Said = {
  context?: EventContext | undefined;
  prescriptionId?: string;
  hospitalId?: string;
  pharmacyId?: string;
  holderId?: string;
  toHolderId?: string;
  institutionId?: string;
  saleId?: string;
  personId?: string;
  personIds?: string[];
  documentSm3?: string;
  reason?: string;
  refusals?: { code: string }[];
};

/** An event as far as a history shows it and rights to see it hang on it. */
export type EventFacts = {
  actor: Actor | undefined;
  businessTime: Date | undefined;
  machineTime: Date | undefined;
  profileVersion: string;
  prescriptionId: string;
  saleId: string;
  /** Hospital that issued it: in the events of issuing only. */
  hospitalId: string;
  /** Where it happened. */
  institutionId: string;
  /** Everyone whose act or stock it is. */
  institutions: string[];
  persons: string[];
  documentSm3: string;
  reason: string;
};

export function factsOf(payload: unknown): EventFacts {
  const said = payload as Said;
  const { actor, judgement } = said.context ?? {};
  const { prescriptionId = '', saleId = '', hospitalId = '', documentSm3 = '' } = said;
  const institutions = [said.pharmacyId, said.holderId, said.institutionId, hospitalId, actor?.institutionId];
  const named = institutions.filter((id) => id !== undefined && id !== '') as string[];
  return {
    actor,
    businessTime: judgement?.businessTime,
    machineTime: judgement?.machineTime,
    profileVersion: judgement?.profileVersion ?? '',
    prescriptionId,
    saleId,
    hospitalId,
    institutionId: named[0] ?? '',
    institutions: [...new Set([...named, ...(said.toHolderId ? [said.toHolderId] : [])])],
    persons: [...(said.personId ? [said.personId] : []), ...(said.personIds ?? [])],
    documentSm3,
    reason: said.reason || (said.refusals ?? []).map(({ code }) => code).join(' '),
  };
}
