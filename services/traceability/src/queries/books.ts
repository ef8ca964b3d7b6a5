import type { Sql } from '@erx/postgres';

export type TraceabilityBooks = {
  /** Packages by state. */
  states: Record<string, bigint>;
  /** Every package that a sale holds or has sold. */
  taken: { traceCode: string; drugCode: string; state: string; saleId: string; lineNo: number; holderId: string }[];
  /** Packages whose newest custody step does not fit their state: must be empty. */
  brokenChains: string[];
};

/** What the operator's books compare with dispensing's sales. */
export async function traceabilityBooks(sql: Sql): Promise<TraceabilityBooks> {
  const states = await sql<{ state: string; count: bigint }[]>`
    select state, count(*) as count from trace_code group by state`;
  const taken = await sql<TraceabilityBooks['taken']>`
    select trace_code as "traceCode", drug_code as "drugCode", state, sale_id as "saleId", line_no as "lineNo",
           holder_id as "holderId"
    from trace_code where sale_id is not null order by sale_id, line_no, trace_code`;
  const broken = await sql<{ traceCode: string }[]>`
    select trace_code as "traceCode" from trace_code as code
    left join lateral (
      select kind, holder_id from custody join movement using (movement_id)
      where custody.trace_code = code.trace_code order by movement_id desc limit 1) as newest on true
    where newest.kind is null or newest.holder_id <> code.holder_id
       or case newest.kind when 'RELEASED' then 'RECEIVED' else newest.kind end <> code.state
    order by trace_code`;
  return {
    states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    taken: [...taken],
    brokenChains: broken.map((row) => row.traceCode),
  };
}
