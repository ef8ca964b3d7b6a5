import { AuditServiceDefinition } from '@erx/proto/audit/v1/audit_service';
import { SubscriptionServiceDefinition } from '@erx/proto/audit/v1/subscription_service';
import { SystemServiceDefinition } from '@erx/proto/common/v1/system_service';
import { DispensingServiceDefinition } from '@erx/proto/dispensing/v1/dispensing_service';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type Client, connect } from '@erx/rpc';
import type { GatewayConfig } from '../config.ts';

export type SystemClient = Client<typeof SystemServiceDefinition>;
export type Peers = ReturnType<typeof openPeers>;

/** Lasting connections to every service, owned by the stack. */
export function openPeers(config: GatewayConfig, stack: AsyncDisposableStack) {
  const system = (peer: string, address: string): SystemClient =>
    stack.use(connect(SystemServiceDefinition, address, config.ERX_TLS_DIR, 'gateway', peer));
  return {
    registry: stack.use(connect(RegistryServiceDefinition, config.ERX_REGISTRY_URL, config.ERX_TLS_DIR, 'gateway')),
    verification: stack.use(
      connect(VerificationServiceDefinition, config.ERX_VERIFICATION_URL, config.ERX_TLS_DIR, 'gateway'),
    ),
    issuing: stack.use(connect(IssuingServiceDefinition, config.ERX_ISSUING_URL, config.ERX_TLS_DIR, 'gateway')),
    dispensing: stack.use(
      connect(DispensingServiceDefinition, config.ERX_DISPENSING_URL, config.ERX_TLS_DIR, 'gateway'),
    ),
    traceability: stack.use(
      connect(TraceabilityServiceDefinition, config.ERX_TRACEABILITY_URL, config.ERX_TLS_DIR, 'gateway'),
    ),
    audit: stack.use(connect(AuditServiceDefinition, config.ERX_AUDIT_URL, config.ERX_TLS_DIR, 'gateway')),
    subscriptions: stack.use(
      connect(SubscriptionServiceDefinition, config.ERX_AUDIT_URL, config.ERX_TLS_DIR, 'gateway'),
    ),
    /** The contract that every process answers, by service. */
    systems: {
      registry: system('registry', config.ERX_REGISTRY_URL),
      verification: system('verification', config.ERX_VERIFICATION_URL),
      issuing: system('issuing', config.ERX_ISSUING_URL),
      dispensing: system('dispensing', config.ERX_DISPENSING_URL),
      traceability: system('traceability', config.ERX_TRACEABILITY_URL),
      settlement: system('settlement', config.ERX_SETTLEMENT_URL),
      audit: system('audit', config.ERX_AUDIT_URL),
    },
  };
}
