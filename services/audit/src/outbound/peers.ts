import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type Client, connect } from '@erx/rpc';
import type { AuditConfig } from '../config.ts';

/** The services that audit asks. */
export type Peers = AsyncDisposable & { verification: Client<typeof VerificationServiceDefinition> };

export function connectPeers({ ERX_VERIFICATION_URL, ERX_TLS_DIR }: AuditConfig): Peers {
  const verification = connect(VerificationServiceDefinition, ERX_VERIFICATION_URL, ERX_TLS_DIR, 'audit');
  return { verification, [Symbol.asyncDispose]: () => verification[Symbol.asyncDispose]() };
}
