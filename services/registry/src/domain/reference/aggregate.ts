import { Drug, Institution, Plan, Practitioner, ProfilePublished } from '@erx/proto/registry/v1/registry_events';
import type { ImportReferenceRequest } from '@erx/proto/registry/v1/registry_service';

/** One thing that is published whole, with all its validity intervals. */
export type Aggregate =
  | { kind: 'INSTITUTION'; content: Institution }
  | { kind: 'PRACTITIONER'; content: Practitioner }
  | { kind: 'DRUG'; content: Drug }
  | { kind: 'PLAN'; content: Plan }
  | { kind: 'PROFILE'; content: ProfilePublished };

/** The aggregates of an import, institutions before the practitioners who work there. */
export function aggregatesOf(request: ImportReferenceRequest): Aggregate[] {
  return [
    ...request.institutions.map((content) => ({ kind: 'INSTITUTION' as const, content })),
    ...request.practitioners.map((content) => ({ kind: 'PRACTITIONER' as const, content })),
    ...request.drugs.map((content) => ({ kind: 'DRUG' as const, content })),
    ...request.plans.map((content) => ({ kind: 'PLAN' as const, content })),
  ];
}

/** Key of its row and of its messages. */
export function keyOf(aggregate: Aggregate): string {
  switch (aggregate.kind) {
    case 'INSTITUTION':
      return aggregate.content.institutionId;
    case 'PRACTITIONER':
      return aggregate.content.practitionerId;
    case 'DRUG':
      return aggregate.content.drugCode;
    case 'PLAN':
      return aggregate.content.planId;
    case 'PROFILE':
      return aggregate.content.code;
  }
}

export function encode(aggregate: Aggregate): Uint8Array {
  switch (aggregate.kind) {
    case 'INSTITUTION':
      return Institution.encode(aggregate.content).finish();
    case 'PRACTITIONER':
      return Practitioner.encode(aggregate.content).finish();
    case 'DRUG':
      return Drug.encode(aggregate.content).finish();
    case 'PLAN':
      return Plan.encode(aggregate.content).finish();
    case 'PROFILE':
      return ProfilePublished.encode(aggregate.content).finish();
  }
}
