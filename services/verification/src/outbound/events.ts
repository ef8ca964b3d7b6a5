import type { Refusal } from '@erx/errors';
import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { EventContext } from '@erx/proto/common/v1/common';
import type { Lookups, ResolvedProfile } from '@erx/reference';
import type { Call } from '@erx/rpc';
import type { Erasure } from '../erasure-list.ts';
import type { IdentityCheck } from '../store/identity-checks.ts';

const source = 'verification';

/** The profile at the actor's place; undefined where there is no place. */
export function profileOf({ actor, at }: Call, reference: Lookups): ResolvedProfile | undefined {
  const division = reference.institution(actor.institutionId)?.division;
  return division === undefined ? undefined : reference.profile(division, at);
}

function profileVersionOf(call: Call, reference: Lookups): string {
  return profileOf(call, reference)?.version ?? '';
}

type Act = Pick<Call, 'actor' | 'at' | 'machineAt' | 'causationId'>;

function contextOf({ actor, at, machineAt }: Act, profileVersion: string): EventContext {
  return { actor, judgement: { businessTime: at, machineTime: machineAt, profileVersion, listVersions: [] } };
}

/** 人证核验通过. */
export function identityChecked(check: IdentityCheck, call: Call, reference: Lookups): OutgoingEvent {
  const { checkId, grantId, personId, holderId, purpose, expiresAt, poolingRegion, profileVersion } = check;
  return outgoing(
    'erx.verification.v1.IdentityChecked',
    {
      context: contextOf(call, profileVersion),
      checkId,
      grantId,
      personId,
      institutionId: holderId,
      purpose,
      expiresAt,
    },
    {
      source,
      key: checkId,
      at: call.machineAt,
      causationId: call.causationId,
      territory: reference.territory([holderId], poolingRegion),
    },
  );
}

type RefusedCheck = { checkId: string; holderId: string; purpose: string; refused: readonly Refusal[] };

/** 人证核验未通过. */
export function identityRefused(check: RefusedCheck, call: Call, reference: Lookups): OutgoingEvent {
  const { checkId, holderId, purpose, refused } = check;
  const refusals = refused.map(({ code, field = '', detail = {} }) => ({ code, field, detail }));
  return outgoing(
    'erx.verification.v1.IdentityRefused',
    {
      context: contextOf(call, profileVersionOf(call, reference)),
      checkId,
      institutionId: holderId,
      purpose,
      refusals,
    },
    {
      source,
      key: checkId,
      at: call.machineAt,
      causationId: call.causationId,
      territory: reference.territory([holderId]),
    },
  );
}

/** 个人信息查阅: who opens whose data, for what. */
export function personalDataOpened(
  opened: { readId: string; personIds: string[]; operation: string; fields: string[] },
  call: Call,
  reference: Lookups,
): OutgoingEvent {
  const { readId } = opened;
  return outgoing(
    'erx.verification.v1.PersonalDataOpened',
    { context: contextOf(call, profileVersionOf(call, reference)), ...opened },
    {
      source,
      key: readId,
      at: call.machineAt,
      causationId: call.causationId,
      territory: reference.territory([call.actor.institutionId]),
    },
  );
}

/** 依法删除. */
export function personErased({ personId, basis, at }: Erasure, call: Act): OutgoingEvent {
  return outgoing(
    'erx.verification.v1.PersonErased',
    { context: contextOf(call, ''), personId, erasedAt: at, basis },
    { source, key: personId, at: call.machineAt, causationId: call.causationId },
  );
}
