import type { Database } from '@erx/postgres';
import type { ListStockResponse } from '@erx/proto/traceability/v1/traceability_service';

/** 库存: what the pharmacy has, had sold or has put aside, by product, batch and state; empty ones are left out. */
export async function listStock(database: Database, holderId: string, drugCode: string): Promise<ListStockResponse> {
  const entries = await database.sql<ListStockResponse['entries']>`
    select drug_code as "drugCode", batch_no as "batchNo", state, codes
    from stock_now where holder_id = ${holderId} and (${drugCode} = '' or drug_code = ${drugCode}) and codes <> 0
    order by drug_code, batch_no, state`;
  return { entries: [...entries] };
}
