import type { Sql } from '@erx/postgres';

type Layers = { total: bigint; basic: bigint; serious: bigint; aid: bigint; patient: bigint };

export type SettlementBooks = {
  /** Settlements by state. */
  states: Record<string, bigint>;
  /** Sum of every account over all postings, in fen; together they are zero. */
  ledger: Record<string, bigint>;
  /** What the ledger holds for each sale whose settlement stands (SETTLED, CONFIRMED), in fen. */
  sales: ({ saleId: string; settlementId: string; state: string } & Layers)[];
  /** Sales whose settlement was taken back; nothing of them is left in the ledger. */
  reversed: { saleId: string; settlementId: string }[];
  /** Sales whose postings do not sum to zero, differ from the settled amounts or outlive a reversal: must be empty. */
  wrongPostings: string[];
  /** Sales of persons whose account differs from the sum of their standing settlements: must be empty. */
  wrongAccounts: string[];
};

/** What the operator's books compare with dispensing's sale answers. */
export async function settlementBooks(sql: Sql): Promise<SettlementBooks> {
  const states = await sql<{ state: string; count: bigint }[]>`
    select state, count(*) as count from settlement group by state`;
  const ledger = await sql<{ account: string; sum: bigint }[]>`
    select account, sum(amount)::bigint as sum from ledger_entry group by account`;
  const sales = await sql<SettlementBooks['sales']>`
    select sale_id as "saleId", settlement_id as "settlementId", state,
           -coalesce(sum(amount) filter (where account = 'PHARMACY'), 0)::bigint as total,
           coalesce(sum(amount) filter (where account = 'FUND_BASIC'), 0)::bigint as basic,
           coalesce(sum(amount) filter (where account = 'FUND_SERIOUS'), 0)::bigint as serious,
           coalesce(sum(amount) filter (where account = 'FUND_AID'), 0)::bigint as aid,
           coalesce(sum(amount) filter (where account = 'PATIENT'), 0)::bigint as patient
    from settlement left join ledger_entry using (sale_id)
    where state in ('SETTLED', 'CONFIRMED') group by sale_id order by sale_id`;
  const reversed = await sql<SettlementBooks['reversed']>`
    select sale_id as "saleId", settlement_id as "settlementId" from settlement where state = 'REVERSED'
    order by sale_id`;
  return {
    states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    ledger: Object.fromEntries(ledger.map(({ account, sum }) => [account, sum])),
    sales: [...sales],
    reversed: [...reversed],
    wrongPostings: await wrongPostings(sql),
    wrongAccounts: await wrongAccounts(sql),
  };
}

async function wrongPostings(sql: Sql): Promise<string[]> {
  const rows = await sql<{ saleId: string }[]>`
    select sale_id as "saleId" from settlement join settlement_amounts as it using (sale_id)
    left join ledger_entry using (sale_id)
    group by sale_id, it.sale_id
    having coalesce(sum(amount), 0) <> 0
        or (-coalesce(sum(amount) filter (where account = 'PHARMACY'), 0),
            coalesce(sum(amount) filter (where account = 'FUND_BASIC'), 0),
            coalesce(sum(amount) filter (where account = 'FUND_SERIOUS'), 0),
            coalesce(sum(amount) filter (where account = 'FUND_AID'), 0),
            coalesce(sum(amount) filter (where account = 'PATIENT'), 0))
           is distinct from case when state = 'REVERSED' then row (0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric)
             else row (total::numeric, basic::numeric, serious::numeric, aid::numeric, patient::numeric) end
    order by sale_id`;
  return rows.map((row) => row.saleId);
}

async function wrongAccounts(sql: Sql): Promise<string[]> {
  const rows = await sql<{ saleIds: string[] }[]>`
    select array_agg(sale_id::text order by sale_id) as "saleIds"
    from settlement join settlement_amounts using (sale_id)
    left join accumulator using (person_id, year, plan_id)
    group by person_id, year, plan_id, deductible_used, basic_used
    having coalesce(sum(deductible) filter (where state <> 'REVERSED'), 0) is distinct from deductible_used
        or coalesce(sum(basic) filter (where state <> 'REVERSED'), 0) is distinct from basic_used`;
  return rows.flatMap((row) => row.saleIds).sort();
}
