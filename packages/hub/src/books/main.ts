import { readFileSync } from 'node:fs';
import { openDatabase } from '@erx/postgres';
import { perService } from '../services.ts';
import type { HubFile } from '../supervisor/hub-file.ts';
import type { SaleAnswer } from './compare/answers.ts';
import { compare } from './compare/compare.ts';
import type { Row } from './compare/row.ts';
import { print } from './print.ts';
import type { Ledgers } from './read/ledgers.ts';
import { readWhenQuiet } from './read/quiet.ts';

export { untilQuiet } from './read/quiet.ts';

export type Books = {
  balanced: boolean;
  /** The comparison, ready to print. */
  lines: string[];
  rows: Row[];
};

const PATIENCE_MS = 20_000;

/**
 * Compares the books of a living hub, when nothing is under way or after 20 s. `answers`: what the tills were told, to
 * be compared as well.
 */
export async function runBooks(hubFile: string, answers?: readonly SaleAnswer[]): Promise<Books> {
  const { databases } = JSON.parse(readFileSync(hubFile, 'utf8')) as Pick<HubFile, 'databases'>;
  await using stack = new AsyncDisposableStack();
  const sqls = perService((name) => stack.adopt(openDatabase(databases[name], 2, 'books'), (it) => it.close()).sql);
  const ledgers = await readWhenQuiet(sqls, PATIENCE_MS);
  const rows = compare(ledgers, answers);
  return { balanced: rows.every(({ wrong }) => wrong.length === 0), lines: print(rows, about(ledgers)), rows };
}

/** How large the hub is. */
function about({ registry, gateway, issuing }: Ledgers): string[] {
  const list = (counts: Record<string, bigint | number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  return [
    `基础信息 registry: ${registry.persons} persons, ${list(registry.aggregates)}`,
    `接入 gateway: ${list(gateway.clients)}`,
    `处方 issuing: ${list(issuing.statuses)}`,
  ];
}
