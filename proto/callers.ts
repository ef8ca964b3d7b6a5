// The only place that says which service may call which method. Every server refuses any other certificate, and
// docs/rights.md is generated from it. A method without an entry does not compile.
import type { AuditServiceDefinition } from './gen/erx/audit/v1/audit_service.ts';
import type { SubscriptionServiceDefinition } from './gen/erx/audit/v1/subscription_service.ts';
import type { SystemServiceDefinition } from './gen/erx/common/v1/system_service.ts';
import type { DispensingServiceDefinition } from './gen/erx/dispensing/v1/dispensing_service.ts';
import type { IssuingServiceDefinition } from './gen/erx/issuing/v1/issuing_service.ts';
import type { RegistryServiceDefinition } from './gen/erx/registry/v1/registry_service.ts';
import type { SettlementServiceDefinition } from './gen/erx/settlement/v1/settlement_service.ts';
import type { TraceabilityServiceDefinition } from './gen/erx/traceability/v1/traceability_service.ts';
import type { VerificationServiceDefinition } from './gen/erx/verification/v1/verification_service.ts';

/** Every service of the hub, as its certificate names it. */
export const serviceNames = [
  'gateway',
  'issuing',
  'verification',
  'dispensing',
  'traceability',
  'settlement',
  'registry',
  'audit',
] as const;
export type ServiceName = (typeof serviceNames)[number];

type CallersOf<D extends { methods: object }> = Record<keyof D['methods'], readonly ServiceName[]>;

const registry: CallersOf<typeof RegistryServiceDefinition> = {
  importReference: ['gateway'],
  allotPersons: ['verification'],
  importPersons: ['verification'],
  findPerson: ['verification'],
  getEntitlement: ['issuing', 'verification'],
  getClock: serviceNames,
  setClock: ['gateway'],
};

const verification: CallersOf<typeof VerificationServiceDefinition> = {
  identify: ['gateway'],
  importPersons: ['gateway'],
  checkUpload: ['gateway'],
  checkIdentity: ['gateway'],
  getGrant: ['dispensing', 'audit'],
  checkEndorsement: ['issuing'],
  checkReview: ['dispensing'],
  sealSignature: ['gateway'],
  openPersons: ['gateway'],
  erasePerson: ['gateway'],
};

const issuing: CallersOf<typeof IssuingServiceDefinition> = {
  precheck: ['gateway'],
  upload: ['gateway'],
  withdraw: ['gateway'],
  endorse: ['gateway'],
  getPrescription: ['gateway'],
  getRetention: ['verification'],
};

const dispensing: CallersOf<typeof DispensingServiceDefinition> = {
  find: ['gateway'],
  listPharmacies: ['gateway'],
  lock: ['gateway'],
  releaseLock: ['gateway'],
  viewHistory: ['gateway'],
  review: ['gateway'],
  quote: ['gateway'],
  sell: ['gateway'],
  handOver: ['gateway'],
  reverseSale: ['gateway'],
  listAgentPurchases: ['gateway'],
  withdraw: ['issuing'],
  resume: ['issuing'],
  getSale: ['gateway'],
};

const traceability: CallersOf<typeof TraceabilityServiceDefinition> = {
  importStock: ['gateway'],
  reserve: ['dispensing'],
  release: ['dispensing'],
  returnSale: ['dispensing'],
  checkSale: ['dispensing'],
  clearHandOver: ['dispensing'],
  receiveStock: ['gateway'],
  moveStock: ['gateway'],
  openPack: ['gateway'],
  listStock: ['gateway'],
  recallBatch: ['gateway'],
  getRecall: ['gateway'],
  listConflicts: ['gateway'],
  getCode: ['gateway'],
};

const settlement: CallersOf<typeof SettlementServiceDefinition> = {
  quote: ['dispensing'],
  settle: ['dispensing'],
  reverse: ['dispensing'],
};

const audit: CallersOf<typeof AuditServiceDefinition> = {
  readEntries: ['gateway'],
  followEntries: ['gateway'],
  readHistory: ['gateway'],
  readReceipt: ['gateway'],
  readLogFile: ['gateway'],
};

const subscription: CallersOf<typeof SubscriptionServiceDefinition> = {
  subscribe: ['gateway'],
  listSubscriptions: ['gateway'],
  getSubscriptionKeys: ['gateway'],
  changeSubscription: ['gateway'],
  listUndelivered: ['gateway'],
  resend: ['gateway'],
};

/** Answered by every service. */
const system: CallersOf<typeof SystemServiceDefinition> = {
  applyClock: ['gateway'],
  getRequest: ['gateway'],
};

/** Contract (full name) → method → services that may call it. */
export const callers: Record<string, Record<string, readonly ServiceName[]>> = {
  'erx.registry.v1.RegistryService': registry,
  'erx.verification.v1.VerificationService': verification,
  'erx.issuing.v1.IssuingService': issuing,
  'erx.dispensing.v1.DispensingService': dispensing,
  'erx.traceability.v1.TraceabilityService': traceability,
  'erx.settlement.v1.SettlementService': settlement,
  'erx.audit.v1.AuditService': audit,
  'erx.audit.v1.SubscriptionService': subscription,
  'erx.common.v1.SystemService': system,
};

export function mayCall(contract: string, method: string, caller: string): boolean {
  return (callers[contract]?.[method] as readonly string[] | undefined)?.includes(caller) ?? false;
}
