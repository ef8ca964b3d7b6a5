import { type AuditBooks, auditBooks } from '@erx/audit/books';
import { type DispensingBooks, dispensingBooks } from '@erx/dispensing/books';
import { type GatewayBooks, gatewayBooks } from '@erx/gateway/books';
import { type IssuingBooks, issuingBooks } from '@erx/issuing/books';
import type { Sql } from '@erx/postgres';
import { consumers } from '@erx/proto/topics';
import { type RegistryBooks, registryBooks } from '@erx/registry/books';
import { type SettlementBooks, settlementBooks } from '@erx/settlement/books';
import { type TraceabilityBooks, traceabilityBooks } from '@erx/traceability/books';
import { type VerificationBooks, verificationBooks } from '@erx/verification/books';
import { type ServiceName, serviceNames } from '../../services.ts';
import { findUnmatched, readTraffic, type Traffic, type Unmatched } from './traffic.ts';

/** What the databases of a hub say of themselves; nothing is compared yet. */
export type Ledgers = {
  registry: RegistryBooks;
  verification: VerificationBooks;
  issuing: IssuingBooks;
  dispensing: DispensingBooks;
  traceability: TraceabilityBooks;
  settlement: SettlementBooks;
  audit: AuditBooks;
  gateway: GatewayBooks;
  traffic: Record<ServiceName, Traffic>;
  /** Only where a consumer's count differs from what was published. */
  unmatched: Unmatched[];
};

export async function readLedgers(sqls: Record<ServiceName, Sql>): Promise<Ledgers> {
  const traffic = await readAllTraffic(sqls);
  const [registry, verification, issuing, dispensing, traceability, settlement, audit, gateway] = await Promise.all([
    registryBooks(sqls.registry),
    verificationBooks(sqls.verification),
    issuingBooks(sqls.issuing),
    dispensingBooks(sqls.dispensing),
    traceabilityBooks(sqls.traceability),
    settlementBooks(sqls.settlement),
    auditBooks(sqls.audit),
    gatewayBooks(sqls.gateway),
  ]);
  const unmatched = await Promise.all(
    lagging(traffic).map(({ consumer, topic }) => findUnmatched(sqls, consumer, topic)),
  );
  return { registry, verification, issuing, dispensing, traceability, settlement, audit, gateway, traffic, unmatched };
}

export async function readAllTraffic(sqls: Record<ServiceName, Sql>): Promise<Record<ServiceName, Traffic>> {
  const entries = serviceNames.map(async (name) => [name, await readTraffic(sqls[name])] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<ServiceName, Traffic>;
}

/** Consumers and topics whose counts differ: something is still under way, or lost. */
export function lagging(traffic: Record<ServiceName, Traffic>): { consumer: ServiceName; topic: string }[] {
  return Object.entries(consumers).flatMap(([name, topics]) => {
    const consumer = name as ServiceName;
    return topics
      .filter((topic) => published(traffic, topic) !== consumed(traffic, consumer, topic))
      .map((topic) => ({ consumer, topic }));
  });
}

/** By all services together. */
export function published(traffic: Record<ServiceName, Traffic>, topic: string): bigint {
  return Object.values(traffic)
    .flatMap((each) => each.published)
    .filter((row) => row.topic === topic)
    .reduce((sum, { count }) => sum + count, 0n);
}

export function consumed(traffic: Record<ServiceName, Traffic>, consumer: ServiceName, topic: string): bigint {
  return traffic[consumer].consumed.find((row) => row.consumer === consumer && row.topic === topic)?.count ?? 0n;
}
