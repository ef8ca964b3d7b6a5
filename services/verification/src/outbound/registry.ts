import { isRefused, type Refused } from '@erx/errors';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import type { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import type { Call, Client } from '@erx/rpc';

export type RegistryClient = Pick<
  Client<typeof RegistryServiceDefinition>,
  'allotPersons' | 'importPersons' | 'findPerson' | 'getEntitlement'
>;

/** Less than the caller waits, so that it hears which part is away instead of giving up itself. */
const DEADLINE_MS = 2_000;

export function questionOf({ actor, causationId }: Call) {
  return { actor, causationId, deadlineMs: DEADLINE_MS };
}

/** An answer that a service never refuses for anything a client sent. */
export function answered<T extends object>(outcome: T | Refused): T {
  if (isRefused(outcome)) {
    throw new Error(
      `a question was refused: ${outcome.refused.map(({ code, field }) => `${code} ${field ?? ''}`).join()}`,
    );
  }
  return outcome as T;
}

/** An imported person; `nameHash` is empty for who was imported before there was one. */
export type FoundPerson = { person: SealedPerson; nameHash: Uint8Array };

/** The imported person behind a keyed hash. Throws UnavailableError when registry does not answer. */
export async function findPerson(
  registry: RegistryClient,
  identityHash: Uint8Array,
  call: Call,
): Promise<FoundPerson | undefined> {
  const { person } = answered(await registry.findPerson({ identityHash }, questionOf(call)));
  if (person === undefined) return undefined;
  const { personId, nameSealed, identitySealed, phoneSealed, nameHash } = person;
  return { person: { personId, nameSealed, identitySealed, phoneSealed }, nameHash };
}
