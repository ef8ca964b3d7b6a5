import type { Row } from './compare/row.ts';

const NAMED = 10;

/** The comparison as a table, the ids of each inequality below it, and the verdict as the last line. */
export function print(rows: readonly Row[], about: readonly string[]): string[] {
  const columns = rows.map(({ zh, en, left, right, wrong }) => [wrong.length === 0 ? '✓' : '✗', zh, en, left, right]);
  const widths = [0, 1, 2, 3].map((index) => Math.max(...columns.map((cells) => width(cells[index] ?? ''))));
  const table = columns.map((cells) =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const wrong = rows.filter((row) => row.wrong.length > 0);
  return [
    '',
    '账目核对 · Books',
    ...about,
    ...table,
    ...wrong.flatMap(({ en, wrong: ids }) => [
      `✗ ${en}:`,
      ...ids.slice(0, NAMED).map((id) => `    ${id}`),
      ...(ids.length > NAMED ? [`    and ${ids.length - NAMED} more`] : []),
    ]),
    wrong.length === 0
      ? `账平 · The books balance (${rows.length} comparisons).`
      : `账不平 · The books do NOT balance: ${wrong.length} of ${rows.length} comparisons differ.`,
  ];
}

/** Cells of a terminal: a Chinese character takes two. */
function width(text: string): number {
  let cells = 0;
  for (const character of text) cells += /[\u2e80-\u9fff\uff00-\uffef]/u.test(character) ? 2 : 1;
  return cells;
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)));
}
