import { isRefused } from '@erx/errors';
import type { AgentPurchase as AgentPurchaseMessage } from '@erx/proto/dispensing/v1/dispensing_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromAgentPurchase } from '../mappers/sale.ts';
import { type Door, declare } from '../route.ts';
import { AgentPurchase } from '../schemas/sale.ts';
import { pageOf } from '../schemas/values.ts';

/** Who collected for whom at this pharmacy (代办登记簿): verification opens the names and records that it did. */
export function agentRoutes(door: Door, { dispensing, verification }: Peers): void {
  declare(door, {
    method: 'GET',
    url: '/v1/agent-purchases',
    operation: 'agent-register.read',
    id: 'listAgentPurchases',
    title: { zh: '代办登记簿', en: 'Purchases by agents at this pharmacy; the read is recorded' },
    tag: '结算与销售 Sale',
    query: pageOf('sale'),
    answer: Type.Object({ purchases: Type.Array(AgentPurchase) }),
    async handle({ query: { after = '', limit = 100 } }, context) {
      const listed = await dispensing.listAgentPurchases({ afterSaleId: after, limit }, context);
      if (isRefused(listed)) return listed;
      const persons = listed.purchases.flatMap(personsOf);
      const opened = await verification.openPersons({ persons, operation: 'agent-register.read' }, context);
      if (isRefused(opened)) return opened;
      return {
        purchases: listed.purchases.map((purchase, index) => {
          const [patient, agent] = opened.persons.slice(2 * index);
          if (patient === undefined || agent === undefined)
            throw new Error('verification opened fewer than it was given');
          return fromAgentPurchase(purchase, patient, agent);
        }),
      };
    },
  });
}

function personsOf({ saleId, patient, agent }: AgentPurchaseMessage) {
  if (patient === undefined || agent === undefined) throw new Error(`agent purchase ${saleId} lacks a person`);
  return [patient, agent];
}
