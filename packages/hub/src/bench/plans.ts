// Which statements of a run read a whole table: as PostgreSQL would plan them without their values.
import { connect } from './connect.ts';

export type SlowPlan = { database: string; table: string; statement: string };

/** `unexplained`: what PostgreSQL cannot plan without the constants that it left out of the text. */
export type Explained = { explained: number; slow: SlowPlan[]; unexplained: string[] };

type Node = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Node[];
};

/** Lets PostgreSQL forget the statements that it saw so far in this database. */
export async function forgetStatements(url: string): Promise<void> {
  await using sql = connect(url);
  await sql`create extension if not exists pg_stat_statements`;
  await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)`;
}

/**
 * Every statement that the database ran since, whose plan reads a table from end to end, also by a whole index. On small
 * tables that is the cheapest way; with these settings it is chosen only where there is no other.
 */
export async function slowPlans(url: string): Promise<Explained> {
  await using sql = connect(url);
  for (const way of ['seqscan', 'mergejoin', 'hashjoin']) await sql.unsafe(`set enable_${way} = off`);
  return await explainAll(sql, url); // before the connection ends
}

/** The same as PostgreSQL would really do it, on analysed tables: those of at least so many rows. */
export async function wholeReads(url: string, leastRows: number): Promise<Explained> {
  await using sql = connect(url);
  const { slow, ...rest } = await explainAll(sql, url);
  const large = await sql<{ name: string }[]>`
    select oid::regclass::text as name from pg_class where relkind = 'r' and reltuples >= ${leastRows}`;
  const names = new Set(large.map(({ name }) => name));
  return { ...rest, slow: slow.filter(({ table }) => names.has(table)) };
}

async function explainAll(sql: ReturnType<typeof connect>, url: string): Promise<Explained> {
  const database = new URL(url).pathname.slice(1);
  const statements = await sql<{ query: string }[]>`
    select distinct query from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database())
      and query ~* '^ *(select|update|delete|with|insert.* select)[[:space:]]' and query !~ 'pg_(stat|catalog|class|type|locks|advisory)'`;
  const partial = new Set(
    (
      await sql<{ name: string }[]>`select indexrelid::regclass::text as name from pg_index where indpred is not null`
    ).map(({ name }) => name),
  );
  const slow: SlowPlan[] = [];
  const unexplained: string[] = [];
  for (const { query } of statements) {
    const plan = await planOf(sql, query);
    if (plan === undefined) unexplained.push(`${database}: ${query}`);
    else for (const table of tablesReadWhole(plan, partial)) slow.push({ database, table, statement: query });
  }
  return { explained: statements.length - unexplained.length, slow, unexplained };
}

async function planOf(sql: ReturnType<typeof connect>, query: string): Promise<Node | undefined> {
  try {
    const [row] = await sql.unsafe<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `explain (generic_plan, format json) ${explainable(query)}`,
    );
    return row?.['QUERY PLAN'][0].Plan;
  } catch {
    return undefined;
  }
}

/** Statements are kept without their constants, also where the grammar asks for one. */
function explainable(query: string): string {
  return query.replaceAll(/extract\(\$\d+/g, 'extract(epoch').replaceAll(/interval \$\d+/g, "interval '1 s'");
}

/** What a limit stops early is not read whole, nor is what a partial index holds. */
function* tablesReadWhole(node: Node, partial: ReadonlySet<string>, isLimited = false): Generator<string> {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index } = node;
  const isWhole =
    type === 'Seq Scan' || (index !== undefined && node['Index Cond'] === undefined && !partial.has(index));
  if (isWhole && !(isLimited && type !== 'Seq Scan')) yield table ?? index ?? type;
  const limits = type === 'Limit' || (isLimited && !['Sort', 'Aggregate', 'Hash'].includes(type));
  for (const below of node.Plans ?? []) yield* tablesReadWhole(below, partial, limits);
}
