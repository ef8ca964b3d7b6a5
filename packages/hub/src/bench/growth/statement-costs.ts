import { connect } from '../connect.ts';
import { hundredth } from '../round.ts';

/** What PostgreSQL did in a statement for one lifecycle: time, and pages touched, which other work does not disturb. */
export type Cost = { ms: number; pages: number };
/** By database and text. */
export type StatementCosts = Record<string, Cost>;

export async function readStatementCosts(
  adminUrl: string,
  databases: readonly string[],
  lifecycles: number,
): Promise<StatementCosts> {
  await using sql = connect(adminUrl);
  const names = databases.map((url) => new URL(url).pathname.slice(1));
  const rows = await sql<(Cost & { database: string; query: string })[]>`
    select datname as database, regexp_replace(query, '\\s+', ' ', 'g') as query,
           sum(total_exec_time)::float8 as ms, sum(shared_blks_hit + shared_blks_read)::float8 as pages
    from pg_stat_statements join pg_database on pg_database.oid = dbid
    where datname = any(${names}) and userid = datdba group by 1, 2`;
  return Object.fromEntries(
    rows.map(({ database, query, ms, pages }) => [
      `${database}: ${query}`,
      { ms: ms / lifecycles, pages: pages / lifecycles },
    ]),
  );
}

export function total(costs: StatementCosts): Cost {
  const sum = (of: keyof Cost): number => Object.values(costs).reduce((all, cost) => all + cost[of], 0);
  return { ms: hundredth(sum('ms')), pages: hundredth(sum('pages')) };
}

export type Grown = { statement: string; from: Cost; to: Cost };

/** The statements that touch so many more pages than they did. */
export function mostGrown(from: StatementCosts, to: StatementCosts, count: number): Grown[] {
  const more = (grown: Grown): number => grown.to.pages - grown.from.pages;
  const rounded = ({ ms, pages }: Cost): Cost => ({ ms: hundredth(ms), pages: hundredth(pages) });
  return Object.entries(to)
    .map(([statement, cost]) => ({
      statement,
      from: rounded(from[statement] ?? { ms: 0, pages: 0 }),
      to: rounded(cost),
    }))
    .sort((a, b) => more(b) - more(a))
    .slice(0, count);
}
