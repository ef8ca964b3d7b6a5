import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { type Act, contextOf } from '../act.ts';

/** All events of a settlement are keyed by the prescription. */
export type SettlementNames = { prescriptionId: string; settlementId: string; saleId: string };

/** `territory`: places of hospital, pharmacy and insurance. */
export type Address = { territory: readonly string[]; causationId?: string | undefined };

type MadeFacts = SettlementNames & { pharmacyId: string; personId: string; planId: string; amounts: Amounts };

/** 结算完成. */
export function settlementMade(facts: MadeFacts, act: Act, address: Address): OutgoingEvent {
  return outgoing(
    'erx.settlement.v1.SettlementMade',
    { context: contextOf(act), ...facts },
    addressed(facts, act, address),
  );
}

/** 销售已完成，结算确认. */
export function settlementConfirmed(names: SettlementNames, act: Act, address: Address): OutgoingEvent {
  const event = { context: contextOf(act), ...names };
  return outgoing('erx.settlement.v1.SettlementConfirmed', event, addressed(names, act, address));
}

/** 冲正. */
export function settlementReversed(names: SettlementNames, act: Act, address: Address): OutgoingEvent {
  const event = { context: contextOf(act), ...names };
  return outgoing('erx.settlement.v1.SettlementReversed', event, addressed(names, act, address));
}

function addressed({ prescriptionId }: SettlementNames, act: Act, address: Address) {
  return { source: 'settlement', key: prescriptionId, at: act.machineAt, ...address };
}
