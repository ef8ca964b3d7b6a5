// How copy number `n` of a row differs from the row that was lived: by SQL, the same in every database.

/** Prescriptions of one person: copies are made by so many. */
export const PER_PERSON = 5;
const SECONDS_APART = 60;

const person = (column: string): string => `growth.id(t.${column}, (n + ${PER_PERSON - 1}) / ${PER_PERSON})`;
const word = (column: string): string => `growth.word(t.${column}, n)`;

/** Columns that are neither ids nor times and still differ from copy to copy; by name, or by table and name. */
const columns: Record<string, string> = {
  ...Object.fromEntries(['person_id', 'recipient_person_id', 'lock_person_id'].map((name) => [name, person(name)])),
  ...Object.fromEntries(
    ['key', 'request_key', 'credential_id', 'note_id', 'filing_id'].map((name) => [name, word(name)]),
  ),
  hi_rxno: 'growth.number(t.hi_rxno, n)',
  rx_trace_code: 'growth.number(t.rx_trace_code, n)',
  trace_code: 'growth.code(t.trace_code, n)',
  identity_hash: "sha256(t.identity_hash || convert_to(n::text, 'UTF8'))",
  movement_id: 't.movement_id + n * 100000::bigint',
  // Text there.
  'sale.settlement_id': word('settlement_id'),
  'accumulator.deductible_used': `t.deductible_used * ${PER_PERSON}`,
  'accumulator.basic_used': `t.basic_used * ${PER_PERSON}`,
  // Positions of a broker that was there before this one.
  'entry.cluster': "'filled'",
  'entry.offset': 't."offset" + n * 1000000::bigint',
  'entry_run.event_ids': `array(select growth.id(id, n) from unnest(t.copied) with ordinality as placed (id, nth) order by nth)`,
  'entry_run.first_number': `(select number from division_end where division_end.division = t.division) + 1
    + sum(cardinality(t.copied)) over (partition by t.division order by n, t.first_number) - cardinality(t.copied)`,
  'log_leaf.index': '(select size from log where is_open) - 1 + row_number() over (order by n, t.index)',
  'log_leaf.salt': 'growth.salt(t.salt, n)',
  // LogEntry: the event's id at its beginning, the salted hash of what the event says at its end.
  'log_leaf.entry': `overlay(overlay(t.entry placing convert_to(growth.id(t.event_id, n)::text, 'UTF8') from 3)
    placing sha256(growth.salt(t.salt, n) || t.value) from octet_length(t.entry) - 31)`,
};

/** SQL for a column of copy `n` of row `t`; undefined: the table gives the value itself. */
export function mapped(table: string, { name, type, isGenerated }: Column): string | undefined {
  const own = columns[`${table}.${name}`] ?? columns[name];
  if (own !== undefined) return own;
  if (isGenerated) return undefined;
  if (type === 'uuid') return `growth.id(t.${name}, n)`;
  if (type === 'timestamp with time zone') return `growth.moment(t.${name}, n)`;
  return `t."${name}"`;
}

export type Column = { name: string; type: string; isGenerated: boolean };

/**
 * Copies lie a minute apart, the last of so many at the time of the rows themselves. Each function is one expression, and
 * not strict, so that PostgreSQL puts it in the place of its call: called, they take most of the time.
 */
export function functions(copies: number): string {
  const define = (signature: string, returns: string, body: string): string =>
    `create function growth.${signature} returns ${returns} language sql stable parallel safe as $$ ${body} $$;`;
  const hash = 'md5(id::text || n)';
  const ms = `('x0000' || left(translate(id::text, '-', ''), 12))::bit(64)::bigint - (${copies} - n) * ${SECONDS_APART * 1_000}::bigint`;
  return [
    define(
      'id(id uuid, n integer)',
      'uuid',
      // Version 7 begins with a time, in the order of which indexes grow.
      `select case when substr(id::text, 15, 1) = '7'
         then (lpad(to_hex(${ms}), 12, '0') || '7' || substr(${hash}, 14, 3) || '8' || substr(${hash}, 18))::uuid
         else overlay(overlay(${hash} placing '4' from 13) placing '8' from 17)::uuid end`,
    ),
    define(
      'moment(at timestamptz, n integer)',
      'timestamptz',
      `select at - make_interval(secs => (${copies} - n) * ${SECONDS_APART}::double precision)`,
    ),
    define(
      'code(code text, n integer)',
      'text',
      // Product and pharmacy, then serials that the sandbox never comes to.
      `select left(code, 11) || (600000000 + n * 1000 + right(code, 9)::integer % 1000)`,
    ),
    define(
      'number(number text, n integer)',
      'text',
      // 25 digits: the serial lies far above those given out; the check digit is not computed anew.
      `select case length(number)
         when 25 then left(number, 14) || (5000000000 + n * 1000 + substr(number, 15, 10)::bigint % 1000) || right(number, 1)
         else upper(left(md5(number || n), 20)) end`,
    ),
    define(
      'word(word text, n integer)',
      'text',
      `select case
         when word ~ '^[0-9a-f]{8}-' then growth.id(word::uuid, n)::text
         when word like 'id:%' then 'id:' || growth.id(substr(word, 4)::uuid, n)
         when word like 'person:%' then 'person:' || growth.id(substr(word, 8)::uuid, (n + ${PER_PERSON - 1}) / ${PER_PERSON})
         when word like 'code:%' then 'code:' || growth.code(substr(word, 6), n)
         when word like 'number:%' then 'number:' || growth.number(substr(word, 8), n)
         when word like 'doctor:%' then word
         else word || '-' || n end`,
    ),
    define('salt(salt bytea, n integer)', 'bytea', `select sha256(salt || convert_to(n::text, 'UTF8'))`),
  ].join('\n');
}
