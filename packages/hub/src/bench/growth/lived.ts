import type { openClient } from '@erx/postgres';

export type Client = ReturnType<typeof openClient>;
export type Clients = Record<string, Client>;

/** Packs of one prescription that stand in the books: the one sold, and others that came with it. */
const CODES_PER_PRESCRIPTION = 10;

/** What the lifecycles left that were lived on this hub, by its ids: tables that each database is told. */
export type Lived = {
  life: { prescription_id: string; person_id: string; prescribed_at: string }[];
  grant_check: { check_id: string }[];
  note: { holder_id: string; note_id: string }[];
  code: { trace_code: string }[];
  event: { event_id: string }[];
};

const definitions: Record<keyof Lived, string> = {
  life: 'prescription_id uuid, person_id uuid, prescribed_at timestamptz',
  grant_check: 'check_id uuid',
  note: 'holder_id text, note_id text',
  code: 'trace_code text',
  event: 'event_id uuid',
};

export async function readLived({ dispensing, verification, traceability, audit }: Clients): Promise<Lived> {
  if (!dispensing || !verification || !traceability || !audit) throw new Error('a hub has these databases');
  const life = await dispensing<Lived['life']>`
    select prescription_id, person_id, prescribed_at::text as prescribed_at from prescription`;
  const since = life.map(({ prescribed_at }) => prescribed_at).sort()[0] ?? '';
  const grant_check = await verification<Lived['grant_check']>`
    select check_id from identity_check
    where person_id = any(${life.map(({ person_id }) => person_id)}::uuid[]) and checked_at >= ${since}::text::timestamptz`;
  const note = await traceability<Lived['note']>`
    select distinct note_holder_id as holder_id, note_id from trace_code where sale_id is not null`;
  const notes = note.map(({ note_id }) => note_id);
  const code = await traceability<Lived['code']>`
    select trace_code from trace_code where note_id = any(${notes})
    order by sale_id is null, trace_code limit ${life.length * CODES_PER_PRESCRIPTION}`;
  const keys = [
    ...life.map(({ prescription_id }) => prescription_id),
    ...grant_check.map(({ check_id }) => check_id),
    ...notes,
  ];
  const event = await audit<Lived['event']>`select event_id from entry where key = any(${keys})`;
  return { life, grant_check, note, code, event };
}

export async function tellLived(sql: Client, lived: Lived): Promise<void> {
  for (const [name, rows] of Object.entries(lived) as [keyof Lived, Lived[keyof Lived]][]) {
    await sql.unsafe(`create table growth.${name} (${definitions[name]})`);
    await sql`insert into ${sql(`growth.${name}`)} ${sql(rows as { event_id: string }[])}`;
  }
}
