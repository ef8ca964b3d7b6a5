import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of a checked-in table: tab-separated, first line the column names, lines that begin with # are remarks. */
export function readTable<Column extends string>(name: string): Record<Column, string>[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'data', `${name}.tsv`), 'utf8');
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, place) => [column, cells[place] ?? ''])) as Record<Column, string>;
  });
}
