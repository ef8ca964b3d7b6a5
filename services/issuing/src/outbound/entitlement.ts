import type { Refused } from '@erx/errors';
import type { GetEntitlementResponse, RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import type { Call, Client } from '@erx/rpc';
import { askedBy } from './peers.ts';

export type RegistryClient = Client<typeof RegistryServiceDefinition>;

/** Insurance relations and filings of a person. Throws UnavailableError when registry does not answer. */
export function askEntitlement(
  registry: Pick<RegistryClient, 'getEntitlement'>,
  question: { personId: string; at: Date },
  call: Call,
): Promise<GetEntitlementResponse | Refused> {
  return registry.getEntitlement(question, askedBy(call, call.causationId));
}
