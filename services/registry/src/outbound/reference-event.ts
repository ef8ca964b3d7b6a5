import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { EventContext } from '@erx/proto/common/v1/common';
import { type Aggregate, keyOf } from '../domain/reference/aggregate.ts';

export type Publication = {
  aggregate: Aggregate;
  revision: bigint;
  context: EventContext;
  /** Machine time. */
  at: Date;
  /** Event of the revision before. */
  causationId: string | undefined;
  /** Where it belongs to; nothing for what concerns the whole nation. */
  division: string | undefined;
};

/** The event that carries one whole aggregate in its new revision. */
export function referenceEvent(publication: Publication): OutgoingEvent {
  const { aggregate, revision, context } = publication;
  const address = {
    source: 'registry',
    key: keyOf(aggregate),
    at: publication.at,
    causationId: publication.causationId,
    territory: publication.division === undefined ? [] : [publication.division],
  };
  switch (aggregate.kind) {
    case 'INSTITUTION':
      return outgoing(
        'erx.registry.v1.InstitutionPublished',
        { context, institution: aggregate.content, revision },
        address,
      );
    case 'PRACTITIONER':
      return outgoing(
        'erx.registry.v1.PractitionerPublished',
        { context, practitioner: aggregate.content, revision },
        address,
      );
    case 'DRUG':
      return outgoing('erx.registry.v1.DrugPublished', { context, drug: aggregate.content, revision }, address);
    case 'PLAN':
      return outgoing('erx.registry.v1.PlanPublished', { context, plan: aggregate.content, revision }, address);
    case 'PROFILE':
      return outgoing('erx.registry.v1.ProfilePublished', { ...aggregate.content, context, revision }, address);
  }
}
