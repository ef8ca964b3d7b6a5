import type { Database } from '@erx/postgres';
import type { CheckSaleResponse } from '@erx/proto/traceability/v1/traceability_service';

/** Packs of a sale that must not be handed over: recalled or quarantined since they were scanned. */
export async function checkSale(database: Database, saleId: string): Promise<CheckSaleResponse> {
  const blocked = await database.sql<CheckSaleResponse['blocked']>`
    select trace_code as "traceCode", batch_no as "batchNo",
           case when recalled_at is null then 'QUARANTINED' else 'RECALLED' end as state,
           coalesce(recalled_at, since) as since
    from trace_code
    where sale_id = ${saleId} and not handed_over and (recalled_at is not null or state = 'QUARANTINED')
    order by trace_code`;
  return { blocked: [...blocked] };
}
