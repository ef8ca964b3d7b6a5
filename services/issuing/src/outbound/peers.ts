import { DispensingServiceDefinition } from '@erx/proto/dispensing/v1/dispensing_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type Call, type CallContext, type Client, connect } from '@erx/rpc';
import type { IssuingConfig } from '../config.ts';

/** The services that issuing asks. */
export type Peers = AsyncDisposable & {
  registry: Client<typeof RegistryServiceDefinition>;
  verification: Pick<Client<typeof VerificationServiceDefinition>, 'checkEndorsement'>;
  dispensing: Pick<Client<typeof DispensingServiceDefinition>, 'withdraw' | 'resume'>;
};

export function connectPeers(config: IssuingConfig): Peers {
  const { ERX_TLS_DIR: tls } = config;
  const registry = connect(RegistryServiceDefinition, config.ERX_REGISTRY_URL, tls, 'issuing');
  const verification = connect(VerificationServiceDefinition, config.ERX_VERIFICATION_URL, tls, 'issuing');
  const dispensing = connect(DispensingServiceDefinition, config.ERX_DISPENSING_URL, tls, 'issuing');
  return {
    registry,
    verification,
    dispensing,
    async [Symbol.asyncDispose]() {
      await Promise.all([registry, verification, dispensing].map((client) => client[Symbol.asyncDispose]()));
    },
  };
}

/** Less than the caller waits, so that it hears which part is away instead of giving up itself. */
const DEADLINE_MS = 2_000;

/** A question on behalf of whoever called, about a prescription whose newest event is known. */
export function askedBy({ actor }: Call, causationId?: string): CallContext {
  return { actor, causationId, deadlineMs: DEADLINE_MS };
}
