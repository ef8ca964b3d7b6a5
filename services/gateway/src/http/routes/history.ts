import { isRefused } from '@erx/errors';
import type { HistoryStep } from '@erx/proto/audit/v1/audit_service';
import Type, { type Static } from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromInstant, instantIf } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { GrantId, Instant, text, Uuid } from '../schemas/values.ts';
import { auditTag } from './audit.ts';

const key = (description: string) => Type.Optional({ ...text(64, description), minLength: 1 });

const Query = Type.Object(
  {
    prescription: key('处方 prescriptionId, hiRxno or rxTraceCode'),
    traceCode: key('药品追溯码 trace code of a pack'),
    settlement: key('结算单 settlementId'),
    patient: key('参保人 person id'),
    doctor: key('医师 doctorId'),
    grantId: Type.Optional(GrantId),
    after: Type.Optional({ ...Uuid, description: '`next` of the page before' }),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'prescriptions, and events beside them' }),
    ),
  },
  { additionalProperties: false },
);

const Step = Type.Object({
  eventId: Type.String(),
  type: Type.String(),
  prescriptionId: Type.Optional(Type.String({ description: 'absent: beside every prescription' })),
  saleId: Type.Optional(Type.String()),
  actor: Type.Object({
    clientId: Type.String(),
    role: Type.String(),
    institutionId: Type.String(),
    operator: Type.String(),
  }),
  place: Type.Optional(
    Type.Object(
      { institutionId: Type.String(), name: Type.String(), division: Type.String() },
      { description: 'where it happened, by name and division as known now' },
    ),
  ),
  businessTime: Type.Optional(Instant),
  machineTime: Instant,
  documentSm3: Type.Optional(Type.String({ description: 'version of the signed document in force at this step' })),
  profileVersion: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** 全链: what happened, by any one of five keys, as far as the reader may see it. */
export function historyRoutes(door: Door, { audit }: Peers): void {
  declare(door, {
    method: 'GET',
    url: '/v1/history',
    operation: 'chain.read',
    id: 'readHistory',
    title: {
      zh: '全链追溯',
      en: 'The whole chain by prescription, trace code, settlement, patient or doctor; recorded',
    },
    tag: auditTag,
    query: Query,
    answer: Type.Object({
      steps: Type.Array(Step, { description: 'causes before effects, then by time' }),
      next: Type.Optional(Type.String({ description: 'where the next page begins; absent: this is the last' })),
    }),
    async handle({ query }, context) {
      const { prescription = '', traceCode = '', settlement = '', patient = '', doctor = '' } = query;
      const { grantId = '', after = '', limit = 20 } = query;
      const question = { prescription, traceCode, settlement, patient, doctor, grantId, after, limit };
      const answer = await audit.readHistory(question, context);
      if (isRefused(answer)) return answer;
      return { steps: answer.steps.map(fromStep), ...(answer.next === '' ? {} : { next: answer.next }) };
    },
  });
}

function fromStep(step: HistoryStep): Static<typeof Step> {
  const { eventId, type, machineTime, institutionId, institutionName: name, division } = step;
  const { clientId = '', role = '', institutionId: actsFor = '', operator = '' } = step.actor ?? {};
  return {
    eventId,
    type,
    ...textIf('prescriptionId', step.prescriptionId),
    ...textIf('saleId', step.saleId),
    actor: { clientId, role, institutionId: actsFor, operator },
    ...(institutionId === '' ? {} : { place: { institutionId, name, division } }),
    ...instantIf('businessTime', step.businessTime),
    machineTime: fromInstant(machineTime),
    ...textIf('documentSm3', step.documentSm3),
    ...textIf('profileVersion', step.profileVersion),
    ...textIf('reason', step.reason),
  };
}

function textIf<N extends string>(name: N, value: string): { [key in N]?: string } {
  return value === '' ? {} : ({ [name]: value } as { [key in N]: string });
}
