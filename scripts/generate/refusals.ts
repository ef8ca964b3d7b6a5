import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueEntry, catalogue, documentOf, isRefusalCode } from '@erx/errors';

/** Wherever tests are written; the same places as in the runner of tests. */
const sources = [
  'packages/*/{src,tests}/**/*.test.ts',
  'services/*/{src,tests,profiles}/**/*.test.ts',
  'proto/**/*.test.ts',
];
/** The name of a test is the first string after `test(`. */
const TITLE = /\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)")/g;
const TESTS_SHOWN = 3;

const effects: Record<CatalogueEntry['effect'], string> = {
  B: 'blocks the act',
  H: 'holds it for a person to decide',
  S: 'the fund pays nothing',
  W: 'warning only',
  T: 'technical',
};
const retries: Record<CatalogueEntry['retry'], string> = {
  NEVER: 'never',
  AFTER_CHANGE: 'once mended',
  LATER: 'same request later',
};

/** Every refusal (拒绝原因) with its words, its source, who must act, and the tests that name it. */
export async function generateRefusals(root: string): Promise<Map<string, string>> {
  const tests = collectTests(root);
  const proven = Object.keys(catalogue).filter((code) => tests.has(code)).length;
  const rows = Object.entries(catalogue).map(([code, entry]) => row(code, entry, tests.get(code) ?? []));
  const text = [
    '# Refusals (拒绝原因)',
    '',
    'Generated from the catalogue in `packages/errors` by `npm run generate`. The same codes serve REST (`code` of each',
    'problem), gRPC and events. `detail` carries the figures: which drug, which date, how many are left, since when.',
    'Tests whose names mention a code come first, then those that expect it in their body.',
    '',
    `**${proven} of ${rows.length} codes have a test.** ${untested(answeredBySource(root).filter((code) => !tests.has(code)))}`,
    '',
    '| Code | Text | Effect | Document and article | Must act | Repeat | HTTP | Tests |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  return new Map([['docs/refusals.md', text]]);
}

function row(code: string, entry: CatalogueEntry, tests: readonly string[]): string {
  const more = tests.length > TESTS_SHOWN ? [`and ${tests.length - TESTS_SHOWN} more`] : [];
  const cells = [
    `\`${code}\``,
    `${entry.zh}<br>${entry.en}`,
    effects[entry.effect],
    sourcesOf(entry.requirements),
    entry.mustAct.toLowerCase(),
    retries[entry.retry],
    String(entry.http),
    [...tests.slice(0, TESTS_SHOWN), ...more].join('<br>') || '–',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** `医保发〔2021〕28号（国家） GJ-3a, GJ-3b`; our own rules have no document. */
function sourcesOf(requirements: readonly string[]): string {
  const byDocument = Map.groupBy(requirements, (id) => documentOf(id) ?? 'our own rule');
  return [...byDocument]
    .map(([document, ids]) => [document, ...(document === 'our own rule' ? [] : [ids.join(', ')])].join(' '))
    .join('<br>');
}

function untested(codes: readonly string[]): string {
  const others = 'The others belong to steps that the hub does not take yet.';
  if (codes.length === 0) return others;
  return `Answered by a service, but without a test: ${codes.map((code) => `\`${code}\``).join(', ')}. ${others}`;
}

/** Codes that stand in the source of a service or library beside the catalogue. */
function answeredBySource(root: string): string[] {
  const files = globSync(['packages/{rpc,auth}/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: root });
  const found = files
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) => [...codesIn(readFileSync(join(root, file), 'utf8'))]);
  return Object.keys(catalogue).filter((code) => found.includes(code));
}

/** Code → titles of tests with their file, those that mention it in their name first. */
function collectTests(root: string): Map<string, readonly string[]> {
  const named = new Map<string, string[]>();
  const expecting = new Map<string, string[]>();
  const files = globSync(sources, { cwd: root, exclude: (path) => path.includes('node_modules') }).sort();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const titles = [...text.matchAll(TITLE)];
    for (const [index, match] of titles.entries()) {
      const title = (match[1] ?? match[2] ?? match[3] ?? '').replaceAll("\\'", "'");
      // A test with a placeholder in its name is one for each row of a table, which stands before the first test.
      const table = title.includes('${') ? text.slice(0, titles[0]?.index) : '';
      const body = table + text.slice(match.index + match[0].length, titles[index + 1]?.index);
      const test = `${title.replaceAll(/\$\{[^}]*\}/g, '…')} (\`${file}\`)`;
      for (const code of codesIn(title)) remember(named, code, test);
      for (const code of codesIn(body)) if (!codesIn(title).has(code)) remember(expecting, code, test);
    }
  }
  return new Map(
    Object.keys(catalogue)
      .map((code) => [code, [...(named.get(code) ?? []), ...(expecting.get(code) ?? [])]] as const)
      .filter(([, tests]) => tests.length > 0),
  );
}

/** Whole words only: SETTLE_DUPLICATE is not TRACE_CODE_DUPLICATE. */
function codesIn(text: string): Set<string> {
  return new Set((text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []).filter(isRefusalCode));
}

function remember(map: Map<string, string[]>, code: string, test: string): void {
  map.set(code, [...(map.get(code) ?? []), test]);
}
