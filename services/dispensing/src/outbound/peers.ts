import { SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type Client, connect } from '@erx/rpc';
import type { DispensingConfig } from '../config.ts';

/** The services that dispensing asks. */
export type Peers = AsyncDisposable & {
  verification: Client<typeof VerificationServiceDefinition>;
  settlement: Client<typeof SettlementServiceDefinition>;
  traceability: Client<typeof TraceabilityServiceDefinition>;
};

export function connectPeers(config: DispensingConfig): Peers {
  const { ERX_TLS_DIR: tls } = config;
  const verification = connect(VerificationServiceDefinition, config.ERX_VERIFICATION_URL, tls, 'dispensing');
  const settlement = connect(SettlementServiceDefinition, config.ERX_SETTLEMENT_URL, tls, 'dispensing');
  const traceability = connect(TraceabilityServiceDefinition, config.ERX_TRACEABILITY_URL, tls, 'dispensing');
  return {
    verification,
    settlement,
    traceability,
    async [Symbol.asyncDispose]() {
      await Promise.all([verification, settlement, traceability].map((client) => client[Symbol.asyncDispose]()));
    },
  };
}
