// The only place with topic names, keys, partitions, retention and owner. Topics are provisioned from it, and the
// outbox finds the topic of an event here.
import * as access from './gen/erx/access/v1/access_events.ts';
import * as dispensing from './gen/erx/dispensing/v1/dispensing_events.ts';
import * as issuing from './gen/erx/issuing/v1/issuing_events.ts';
import * as registry from './gen/erx/registry/v1/registry_events.ts';
import * as settlement from './gen/erx/settlement/v1/settlement_events.ts';
import * as traceability from './gen/erx/traceability/v1/traceability_events.ts';
import * as verification from './gen/erx/verification/v1/verification_events.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type TopicSettings = {
  /** Service that writes it; `*` = every service. */
  owner: string;
  /** What the message key holds. */
  key: string;
  partitions: number;
  /** Milliseconds; compacted topics keep the newest message of each key for ever. */
  retentionMs: number | 'compacted';
};

const history = (owner: string, key: string): TopicSettings => ({
  owner,
  key,
  partitions: 4,
  retentionMs: 90 * DAY_MS,
});
const reference = (key: string): TopicSettings => ({
  owner: 'registry',
  key,
  partitions: 1,
  retentionMs: 'compacted',
});

export const topics = {
  'erx.registry.profile.v1': reference('code'),
  'erx.registry.institution.v1': reference('institution_id'),
  'erx.registry.practitioner.v1': reference('practitioner_id'),
  'erx.registry.drug.v1': reference('drug_code'),
  'erx.registry.plan.v1': reference('plan_id'),
  'erx.issuing.prescription.v1': history('issuing', 'prescription_id'),
  'erx.dispensing.prescription.v1': history('dispensing', 'prescription_id'),
  'erx.settlement.settlement.v1': history('settlement', 'prescription_id'),
  'erx.traceability.movement.v1': history('traceability', 'note_id or prescription_id'),
  'erx.verification.check.v1': history('verification', 'check_id'),
  'erx.access.record.v1': history('*', 'client_id'),
} as const satisfies Record<string, TopicSettings>;

export type Topic = keyof typeof topics;

/** Compacted topics must keep superseded messages at least this long, so that audit reads every version. */
export const COMPACTION_LAG_MS = 7 * DAY_MS;

const on = <T extends Topic, C>(topic: T, codec: C) => ({ topic, codec });

/** Every event type (the `ce_type` header) with its topic and codec. */
export const events = {
  'erx.registry.v1.ProfilePublished': on('erx.registry.profile.v1', registry.ProfilePublished),
  'erx.registry.v1.InstitutionPublished': on('erx.registry.institution.v1', registry.InstitutionPublished),
  'erx.registry.v1.PractitionerPublished': on('erx.registry.practitioner.v1', registry.PractitionerPublished),
  'erx.registry.v1.DrugPublished': on('erx.registry.drug.v1', registry.DrugPublished),
  'erx.registry.v1.PlanPublished': on('erx.registry.plan.v1', registry.PlanPublished),
  'erx.issuing.v1.PrescriptionPrechecked': on('erx.issuing.prescription.v1', issuing.PrescriptionPrechecked),
  'erx.issuing.v1.PrescriptionCirculating': on('erx.issuing.prescription.v1', issuing.PrescriptionCirculating),
  'erx.dispensing.v1.PrescriptionLocked': on('erx.dispensing.prescription.v1', dispensing.PrescriptionLocked),
  'erx.dispensing.v1.LockReleased': on('erx.dispensing.prescription.v1', dispensing.LockReleased),
  'erx.dispensing.v1.HistoryViewed': on('erx.dispensing.prescription.v1', dispensing.HistoryViewed),
  'erx.dispensing.v1.PharmacistApproved': on('erx.dispensing.prescription.v1', dispensing.PharmacistApproved),
  'erx.dispensing.v1.PharmacistRefused': on('erx.dispensing.prescription.v1', dispensing.PharmacistRefused),
  'erx.dispensing.v1.SaleStarted': on('erx.dispensing.prescription.v1', dispensing.SaleStarted),
  'erx.dispensing.v1.SaleAbandoned': on('erx.dispensing.prescription.v1', dispensing.SaleAbandoned),
  'erx.dispensing.v1.SaleCompleted': on('erx.dispensing.prescription.v1', dispensing.SaleCompleted),
  'erx.dispensing.v1.WithdrawalRequested': on('erx.dispensing.prescription.v1', dispensing.WithdrawalRequested),
  'erx.dispensing.v1.PrescriptionWithdrawn': on('erx.dispensing.prescription.v1', dispensing.PrescriptionWithdrawn),
  'erx.dispensing.v1.PrescriptionExpired': on('erx.dispensing.prescription.v1', dispensing.PrescriptionExpired),
  'erx.dispensing.v1.PrescriptionHeld': on('erx.dispensing.prescription.v1', dispensing.PrescriptionHeld),
  'erx.dispensing.v1.PrescriptionResumed': on('erx.dispensing.prescription.v1', dispensing.PrescriptionResumed),
  'erx.dispensing.v1.SaleReversing': on('erx.dispensing.prescription.v1', dispensing.SaleReversing),
  'erx.dispensing.v1.SaleReversed': on('erx.dispensing.prescription.v1', dispensing.SaleReversed),
  'erx.dispensing.v1.HandedOver': on('erx.dispensing.prescription.v1', dispensing.HandedOver),
  'erx.settlement.v1.SettlementMade': on('erx.settlement.settlement.v1', settlement.SettlementMade),
  'erx.settlement.v1.SettlementConfirmed': on('erx.settlement.settlement.v1', settlement.SettlementConfirmed),
  'erx.settlement.v1.SettlementReversed': on('erx.settlement.settlement.v1', settlement.SettlementReversed),
  'erx.traceability.v1.StockReceived': on('erx.traceability.movement.v1', traceability.StockReceived),
  'erx.traceability.v1.CodesSold': on('erx.traceability.movement.v1', traceability.CodesSold),
  'erx.traceability.v1.CodesReturned': on('erx.traceability.movement.v1', traceability.CodesReturned),
  'erx.traceability.v1.StockMoved': on('erx.traceability.movement.v1', traceability.StockMoved),
  'erx.traceability.v1.BatchRecalled': on('erx.traceability.movement.v1', traceability.BatchRecalled),
  'erx.traceability.v1.CodeConflict': on('erx.traceability.movement.v1', traceability.CodeConflict),
  'erx.verification.v1.IdentityChecked': on('erx.verification.check.v1', verification.IdentityChecked),
  'erx.verification.v1.IdentityRefused': on('erx.verification.check.v1', verification.IdentityRefused),
  'erx.verification.v1.PersonalDataOpened': on('erx.verification.check.v1', verification.PersonalDataOpened),
  'erx.verification.v1.PersonErased': on('erx.verification.check.v1', verification.PersonErased),
  'erx.access.v1.RequestRefused': on('erx.access.record.v1', access.RequestRefused),
  'erx.access.v1.ClientSwitched': on('erx.access.record.v1', access.ClientSwitched),
  'erx.access.v1.HistoryRead': on('erx.access.record.v1', access.HistoryRead),
} as const;

export type EventType = keyof typeof events;
export type EventPayload<T extends EventType> = ReturnType<(typeof events)[T]['codec']['decode']>;

/** Which consumers read which topics; the books compare published with consumed by it. */
export const consumers = {
  issuing: ['erx.dispensing.prescription.v1'],
  dispensing: ['erx.issuing.prescription.v1', 'erx.registry.practitioner.v1'],
  traceability: ['erx.dispensing.prescription.v1'],
  settlement: ['erx.dispensing.prescription.v1'],
  audit: Object.keys(topics) as Topic[],
} as const satisfies Record<string, readonly Topic[]>;
