// The statements of a run, as PostgreSQL itself logged them.
import { readFileSync } from 'node:fs';

export type Statement = { text: string; parameters: (string | null)[] };
/** One transaction, or one statement outside any; in the order of their ends, `at` (epoch milliseconds). */
export type Unit = { database: string; at: number; statements: Statement[] };

/** Settings by which PostgreSQL logs every statement with its parameters, one JSON object a line. */
export function recordTo(folder: string): Record<string, string> {
  return {
    logging_collector: 'on',
    log_destination: 'jsonlog',
    log_directory: folder,
    log_filename: 'statements.log',
    log_rotation_age: '0',
    log_rotation_size: '0',
    log_statement: 'all',
    log_error_verbosity: 'default',
  };
}

type Line = {
  pid: number;
  session_id: string;
  dbname?: string;
  application_name?: string;
  timestamp: string;
  message?: string;
  detail?: string;
};

/** `isMeant`: false for statements that do not belong to the run. */
export function readUnits(file: string, isMeant: (statement: Statement, application: string) => boolean): Unit[] {
  const open = new Map<string, Statement[]>();
  const units: Unit[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (!text.startsWith('{')) continue;
    const line = JSON.parse(text) as Line;
    const statement = statementOf(line);
    if (statement === undefined || line.dbname === undefined) continue;
    const { session_id: session, dbname: database, application_name: application = '' } = line;
    const at = Date.parse(line.timestamp);
    const verb = statement.text.trimStart().slice(0, 8).toLowerCase();
    if (verb.startsWith('begin')) open.set(session, []);
    const running = open.get(session);
    if (running === undefined) {
      if (isMeant(statement, application)) units.push({ database, at, statements: [statement] });
      continue;
    }
    const isEnd = verb.startsWith('commit') || verb.startsWith('rollback');
    if (isEnd || verb.startsWith('begin') || isMeant(statement, application)) running.push(statement);
    if (!isEnd) continue;
    open.delete(session);
    if (running.length > 2) units.push({ database, at, statements: running });
  }
  return units;
}

function statementOf({ message = '', detail = '' }: Line): Statement | undefined {
  const logged = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(message);
  return logged?.[1] === undefined ? undefined : { text: logged[1], parameters: parametersOf(detail) };
}

/** `Parameters: $1 = 'it''s', $2 = NULL` */
export function parametersOf(detail: string): (string | null)[] {
  if (!/^parameters:/i.test(detail)) return [];
  return [...detail.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g)].map(([, quoted]) =>
    quoted === undefined ? null : quoted.replaceAll("''", "'"),
  );
}
