import type { Refused } from '@erx/errors';
import type { GetEntitlementResponse, RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import type { Call, Client } from '@erx/rpc';

export type RegistryClient = Client<typeof RegistryServiceDefinition>;

/** Less than the caller waits, so that it hears which part is away instead of giving up itself. */
const DEADLINE_MS = 2_000;

/** Insurance relations and filings of a person. Throws UnavailableError when registry does not answer. */
export function askEntitlement(
  registry: Pick<RegistryClient, 'getEntitlement'>,
  question: { personId: string; at: Date },
  { actor, causationId }: Call,
): Promise<GetEntitlementResponse | Refused> {
  return registry.getEntitlement(question, { actor, causationId, deadlineMs: DEADLINE_MS });
}
