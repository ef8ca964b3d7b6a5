import type { ServiceName } from '../../services.ts';
import { connect } from '../connect.ts';
import { asAdmin } from './as-admin.ts';
import { type Clients, readLived, tellLived } from './lived.ts';
import { type Column, functions, mapped, PER_PERSON } from './mapping.ts';
import { type Filled, filled, type Table } from './tables.ts';

/** Copies made in one transaction. */
const AT_ONCE = 200;

export type Multiplier = AsyncDisposable & {
  /** Prescriptions that were lived: one copy adds as many. */
  lived: number;
  /** Makes the copies with the numbers after `from` up to `to`. */
  copy(from: number, to: number, signal: AbortSignal): Promise<void>;
};

type Options = { adminUrl: string; databases: Record<ServiceName, string>; copies: (lived: number) => number };

/**
 * Multiplies what some lifecycles left in all databases, by SQL: each copy has ids, numbers, codes and times of its own
 * and is to every query what a lived one would be. What is sealed, signed or said in events keeps the bytes of the
 * original, and Kafka gets nothing. `copies` says how many there will be at most.
 */
export async function openMultiplier({ adminUrl, databases, copies }: Options): Promise<Multiplier> {
  await using stack = new AsyncDisposableStack();
  const clients: Clients = {};
  for (const [service, url] of Object.entries(databases)) {
    clients[service] = stack.use(connect(asAdmin(adminUrl, url)));
  }
  const lived = await readLived(clients);
  const plans = await Promise.all(
    Object.entries(filled).map(async ([service, plan]) => {
      const sql = clients[service];
      if (sql === undefined) throw new Error(`no database of ${service}`);
      await sql.unsafe(`create schema growth; ${functions(copies(lived.life.length))}`);
      await tellLived(sql, lived);
      const statements: string[] = [];
      for (const table of plan.tables) statements.push(await statementFor(sql, table));
      return { sql, run: statementsOf(plan, statements) };
    }),
  );
  const owned = stack.move();
  return {
    lived: lived.life.length,
    async copy(from, to, signal) {
      await Promise.all(
        plans.map(async ({ sql, run }) => {
          for (let first = from + 1; first <= to; first += AT_ONCE) {
            signal.throwIfAborted();
            await sql.unsafe(run(first, Math.min(to, first + AT_ONCE - 1)));
          }
        }),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Keeps the rows of a table that are to be copied, and gives the statement that copies them; it lacks its numbers. */
async function statementFor(sql: Clients[string], { name, rows = 'true', also, once }: Table): Promise<string> {
  const shown = also === undefined ? '*' : `*, ${also}`;
  await sql.unsafe(`create table growth.${name} as select ${shown} from public.${name} where ${rows}`);
  const columns = await sql<Column[]>`
    select attname as name, format_type(atttypid, atttypmod) as type, attidentity <> '' or attgenerated <> '' as "isGenerated"
    from pg_attribute where attrelid = ${`public.${name}`}::regclass and attnum > 0 and not attisdropped order by attnum`;
  const set = columns
    .map((column) => [`"${column.name}"`, mapped(name, column)])
    .filter(([, expression]) => expression !== undefined);
  const which = once === undefined ? '' : `where n % ${PER_PERSON} = 1`;
  return `insert into public.${name} (${set.map(([column]) => column).join(', ')}) overriding system value
    select ${set.map(([, expression]) => expression).join(', ')}
    from growth.${name} as t cross join generate_series($FROM, $TO) as n ${which} order by n`;
}

/** One transaction for some copies. Triggers and foreign keys are left out: the rows were refused nothing once before. */
function statementsOf({ tables, first, last = [] }: Filled, inserts: readonly string[]) {
  const role = (value: string): string => `set local session_replication_role = ${value}`;
  return (from: number, to: number): string =>
    [
      'begin',
      role('replica'),
      `set local work_mem = '256MB'`, // a sort of what is copied at once
      ...(first === undefined ? [] : [first]),
      ...inserts.flatMap((insert, place) => {
        const numbered = insert.replace('$FROM', String(from)).replace('$TO', String(to));
        return tables[place]?.triggers ? [role('origin'), numbered, role('replica')] : [numbered];
      }),
      ...last,
      'commit',
    ].join(';\n');
}
