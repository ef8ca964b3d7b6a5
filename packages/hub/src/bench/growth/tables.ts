import type { ServiceName } from '../../services.ts';

export type Table = {
  name: string;
  /** Which rows are copied; all, if left out. */
  rows?: string;
  /** What the mapping needs beside the row's own columns. */
  also?: string;
  /** A person has several prescriptions, but is one. */
  once?: 'person';
  /** Written through the table's own triggers, which keep other tables true. */
  triggers?: true;
};

/** What the filling of a database begins and ends with, in its transaction. */
export type Filled = { tables: readonly Table[]; first?: string; last?: readonly string[] };

const events = 'event_id in (select event_id from growth.event)';
const persons = 'person_id in (select person_id from growth.life)';
const since = 'created_at >= (select min(prescribed_at) from growth.life)';

const inbox: Table = { name: 'inbox', rows: events };
const outbox: Table = { name: 'outbox', rows: events };
const requests: Table = { name: 'client_request', rows: since };

/**
 * Everything that belongs to a prescription, in every database, parents first. Institutions, practitioners, drugs, plans
 * and clients do not grow with prescriptions.
 */
export const filled: Partial<Record<ServiceName, Filled>> = {
  registry: {
    tables: ['person', 'insurance', 'remote_filing', 'filing'].map((name) => ({ name, rows: persons, once: 'person' })),
  },
  verification: {
    tables: [
      { name: 'person_key', rows: persons, once: 'person' },
      ...['identity_check', 'presented_credential'].map((name) => ({
        name,
        rows: 'check_id in (select check_id from growth.grant_check)',
      })),
      requests,
      outbox,
    ],
  },
  issuing: {
    tables: [
      ...['prescription', 'prescription_line', 'prescription_diagnosis', 'evidence', 'step', 'fill'].map(whole),
      requests,
      inbox,
      outbox,
    ],
  },
  dispensing: {
    tables: [
      ...['prescription', 'prescription_line', 'review_evidence', 'sale', 'sale_line', 'sale_code', 'hand_over'].map(
        whole,
      ),
      requests,
      inbox,
      outbox,
    ],
  },
  traceability: {
    tables: [
      { name: 'delivery_note', rows: '(holder_id, note_id) in (select holder_id, note_id from growth.note)' },
      { name: 'trace_code', rows: 'trace_code in (select trace_code from growth.code)', triggers: true },
      whole('reservation'),
      {
        name: 'movement',
        rows: 'sale_id is not null or (holder_id, note_id) in (select holder_id, note_id from growth.note)',
      },
      { name: 'custody', rows: 'trace_code in (select trace_code from growth.code)' },
      inbox,
      outbox,
    ],
    last: [`select setval(pg_get_serial_sequence('movement', 'movement_id'), (select max(movement_id) from movement))`],
  },
  settlement: {
    tables: [
      ...['settlement', 'settlement_amounts', 'settlement_line', 'settlement_step', 'ledger_entry'].map(whole),
      { name: 'accumulator', rows: persons, once: 'person' },
      inbox,
      outbox,
    ],
  },
  audit: {
    // As everybody does who appends: the row of the log is taken first.
    first: 'select from log where is_open for update',
    tables: [
      { name: 'entry', rows: events },
      {
        name: 'log_leaf',
        rows: events,
        also: '(select value from public.entry where entry.event_id = log_leaf.event_id) as value',
      },
      {
        name: 'entry_run',
        rows: 'event_ids && array(select event_id from growth.event)',
        also: `array(select id from unnest(event_ids) with ordinality as placed (id, nth)
                     where id in (select event_id from growth.event) order by nth) as copied`,
      },
      { name: 'history_name', rows: 'prescription_id in (select prescription_id from growth.life)' },
      {
        name: 'history_mention',
        rows: `${events} and (key not like 'code:%' or substr(key, 6) in (select trace_code from growth.code))`,
      },
      inbox,
    ],
    last: [
      `update log set size = (select max(index) + 1 from log_leaf where log_leaf.log_id = log.log_id) where is_open`,
      `update division_end set number =
         (select max(first_number + cardinality(event_ids)) - 1 from entry_run
          where entry_run.division = division_end.division)`,
    ],
  },
};

function whole(name: string): Table {
  return { name };
}
