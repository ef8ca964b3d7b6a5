import type { Database } from '@erx/postgres';
import type { CheckSaleResponse } from '@erx/proto/traceability/v1/traceability_service';

/** Packs of a sale that must not be handed over: recalled or quarantined since they were scanned. */
export async function checkSale(database: Database, saleId: string): Promise<CheckSaleResponse> {
  const rows = await database.sql<{ traceCode: string; batchNo: string; state: string; sinceMs: number }[]>`
    select trace_code as "traceCode", batch_no as "batchNo",
           case when recalled_at is null then 'QUARANTINED' else 'RECALLED' end as state,
           (extract(epoch from coalesce(recalled_at, since)) * 1000)::float8 as "sinceMs"
    from trace_code
    where sale_id = ${saleId} and not handed_over and (recalled_at is not null or state = 'QUARANTINED')
    order by trace_code`;
  return { blocked: rows.map(({ sinceMs, ...code }) => ({ ...code, since: new Date(sinceMs) })) };
}
