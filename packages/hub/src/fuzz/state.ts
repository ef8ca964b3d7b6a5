import { openDatabase, type Sql } from '@erx/postgres';
import { type ServiceName, serviceNames } from '../services.ts';

/** What a refused request may leave: its own record on the way to the log, and what was received of others. */
const records = ['outbox', 'inbox', 'parked', 'oidc_record', 'code_conflict', 'read_copy'];
/** Folded now and then from one into the other. */
const folded = ['stock', 'stock_change'];
const leftOut = new Set([...records, ...folded]);

export type State = AsyncDisposable & {
  /**
   * Rows and hash of every table that a refused request must leave alone: as `expected`, or when nothing is under way
   * any more.
   */
  settled(expected?: Map<string, string>): Promise<Map<string, string>>;
  /** Messages set aside so far, of all services. */
  parked(): Promise<number>;
  /** Real values by field name. */
  pools(): Promise<Record<string, string[]>>;
};

const STILL_MS = 150;
const LOOKS = 100;

/** Looks at all databases of a hub; into the tables of audit only for what it set aside, since it records refusals. */
export function openState(databases: Record<ServiceName, string>): State {
  const opened = serviceNames.map((name) => [name, openDatabase(databases[name], 1, 'fuzz')] as const);
  const sqls = Object.fromEntries(opened.map(([name, { sql }]) => [name, sql])) as Record<ServiceName, Sql>;
  const look = async (): Promise<Map<string, string>> => {
    const compared = opened.filter(([name]) => name !== 'audit');
    const found = await Promise.all(compared.map(([name, { sql }]) => digests(name, sql)));
    return new Map(found.flat());
  };
  return {
    async settled(expected) {
      for (let before = await look(), looks = 0; ; looks += 1) {
        if (expected !== undefined && differing(expected, before).length === 0) return before;
        await new Promise((resolve) => setTimeout(resolve, STILL_MS));
        const now = await look();
        if (differing(before, now).length === 0) return now;
        if (looks === LOOKS) throw new Error(`the hub does not come to rest: ${differing(before, now).join(', ')}`);
        before = now;
      }
    },
    async parked() {
      const counts = opened.map(([, { sql }]) => sql<{ count: number }[]>`select count(*)::int as count from parked`);
      return (await Promise.all(counts)).reduce((sum, [row]) => sum + (row?.count ?? 0), 0);
    },
    pools: () => readPools(sqls),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(([, database]) => database.close()));
    },
  };
}

/** Tables that are not what they were. */
export function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([table, digest]) => before.get(table) !== digest).map(([table]) => table);
}

async function digests(service: ServiceName, sql: Sql): Promise<[table: string, digest: string][]> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' order by 1`;
  const found: [string, string][] = [];
  for (const { name } of tables) {
    if (leftOut.has(name)) continue;
    const [row] = await sql<{ digest: string }[]>`
      select count(*) || '/' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as digest from ${sql(name)} t`;
    found.push([`${service}.${name}`, row?.digest ?? '']);
  }
  return found;
}

async function readPools(sqls: Record<ServiceName, Sql>): Promise<Record<string, string[]>> {
  const list = async (service: ServiceName, column: string, table: string): Promise<string[]> => {
    const sql = sqls[service];
    const rows = await sql<{ value: string }[]>`select ${sql(column)}::text as value from ${sql(table)} limit 100`;
    return rows.map(({ value }) => value);
  };
  return {
    prescriptionId: await list('dispensing', 'prescription_id', 'prescription'),
    saleId: await list('dispensing', 'sale_id', 'sale'),
    grantId: await list('verification', 'grant_id', 'identity_check'),
    traceCode: await list('traceability', 'trace_code', 'trace_code'),
    drugCode: await list('traceability', 'drug_code', 'trace_code'),
    batchNo: await list('traceability', 'batch_no', 'trace_code'),
    recallId: await list('traceability', 'recall_id', 'recall'),
    holderId: await list('traceability', 'holder_id', 'trace_code'),
    personId: await list('registry', 'person_id', 'person'),
  };
}
