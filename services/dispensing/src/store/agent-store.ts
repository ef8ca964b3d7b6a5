import type { Database, Tx } from '@erx/postgres';
import { SealedPerson } from '@erx/proto/common/v1/common';
import type { AgentPurchase } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Agent } from '../outbound/grants.ts';
import { saleAgent } from './tables.ts';

/** HB-24c: who buys or collects for the patient. Once for each sale, however often this agent comes. */
export async function registerAgent(
  tx: Tx,
  saleId: string,
  { person, relation }: Agent,
  registeredAt: Date,
): Promise<void> {
  const agentSealed = SealedPerson.encode(person).finish();
  const row = { saleId, agentPersonId: person.personId, agentSealed, relation, registeredAt };
  await tx.db.insert(saleAgent).values(row).onConflictDoNothing();
}

type Row = {
  sale_id: string;
  prescription_id: string;
  patient_sealed: Uint8Array;
  agent_sealed: Uint8Array;
  relation: string;
  sold_ms: number;
  handed_over_ms: number | null;
  list_sm3: string;
};

/**
 * A pharmacy's register (代办登记簿): the first `limit` sales after another one, by time of sale, each with everybody who
 * acted for the patient. Sales that were taken back are no purchases.
 */
export async function findAgentPurchases(
  { sql }: Database,
  pharmacyId: string,
  afterSaleId: string | null,
  limit: number,
): Promise<AgentPurchase[]> {
  const rows = await sql<Row[]>`
    with page as (
      select sale_id, prescription_id, sold_at, handed_over_at, list_sm3 from sale
      where pharmacy_id = ${pharmacyId} and list_sm3 is not null and state <> 'REVERSED'
        and exists (select from sale_agent as agent where agent.sale_id = sale.sale_id)
        and (${afterSaleId}::uuid is null
             or (sold_at, sale_id) > (select sold_at, sale_id from sale where sale_id = ${afterSaleId}::uuid))
      order by sold_at, sale_id limit ${limit})
    select page.sale_id, page.prescription_id, page.list_sm3,
           (extract(epoch from page.sold_at) * 1000)::float8 as sold_ms,
           (extract(epoch from page.handed_over_at) * 1000)::float8 as handed_over_ms, patient_sealed, agent_sealed, relation
    from page join prescription using (prescription_id) join sale_agent using (sale_id)
    order by page.sold_at, page.sale_id, registered_at`;
  return rows.map((row) => ({
    saleId: row.sale_id,
    prescriptionId: row.prescription_id,
    patient: SealedPerson.decode(row.patient_sealed),
    agent: SealedPerson.decode(row.agent_sealed),
    relation: row.relation,
    soldAt: new Date(row.sold_ms),
    handedOverAt: row.handed_over_ms === null ? undefined : new Date(row.handed_over_ms),
    listSm3: row.list_sm3,
  }));
}
