import type { Sql } from '@erx/postgres';

export type TraceabilityBooks = {
  /** Packages by state. */
  states: Record<string, bigint>;
  /** Every package of a sale that holds it or has sold it, by the state of the sale there: RESERVED or SOLD. */
  taken: { traceCode: string; drugCode: string; state: string; saleId: string; lineNo: number; holderId: string }[];
  /** Packages whose newest custody step does not fit their state or holder: must be empty. */
  brokenChains: string[];
  /** Stock (`holder drug batch state: ledger / packages`) that does not equal the packages: must be empty. */
  wrongStock: string[];
};

/** What the operator's books compare with dispensing's sales. */
export async function traceabilityBooks(sql: Sql): Promise<TraceabilityBooks> {
  const states = await sql<{ state: string; count: bigint }[]>`
    select state, count(*) as count from trace_code group by state`;
  // A package that was sold stays sold in the books when it is quarantined or comes back for its quality.
  const taken = await sql<TraceabilityBooks['taken']>`
    select trace_code as "traceCode", drug_code as "drugCode",
           case reservation.state when 'RESERVED' then 'RESERVED' else 'SOLD' end as state,
           sale_id as "saleId", line_no as "lineNo", holder_id as "holderId"
    from trace_code join reservation using (sale_id) order by sale_id, line_no, trace_code`;
  const broken = await sql<{ traceCode: string }[]>`
    select trace_code as "traceCode" from trace_code as code
    left join lateral (
      select custody.state, movement.holder_id from custody join movement using (movement_id)
      where custody.trace_code = code.trace_code order by movement_id desc limit 1) as newest on true
    where newest.state is null or newest.holder_id <> code.holder_id or newest.state <> code.state
    order by trace_code`;
  const wrong = await sql<{ entry: string }[]>`
    select format('%s %s %s %s: %s / %s', holder_id, drug_code, batch_no, state, coalesce(ledger.codes, 0),
                  coalesce(actual.codes, 0)) as entry
    from (select * from stock_now where codes <> 0) as ledger
    full join (select holder_id, drug_code, batch_no, state, count(*) as codes from trace_code
               group by holder_id, drug_code, batch_no, state) as actual
      using (holder_id, drug_code, batch_no, state)
    where ledger.codes is distinct from actual.codes order by entry`;
  return {
    states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    taken: [...taken],
    brokenChains: broken.map((row) => row.traceCode),
    wrongStock: wrong.map((row) => row.entry),
  };
}
