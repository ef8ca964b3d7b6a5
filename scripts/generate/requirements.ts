import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page, proofsOnPage, readRows } from './requirements/page.ts';
import { isInSources, proofsOfRun, type Result, unknownIds } from './requirements/proofs.ts';

const PAGE = 'docs/requirements.md';

/**
 * Which of the policy requirements are proven. `fromRun`: by the results of the last complete `npm test`, where a
 * skipped or failed test proves nothing. Otherwise by what the committed page says, as far as those tests still stand in
 * the sources: so the page can be checked before any test has run, and compared with the run afterwards. Without either
 * nothing is generated: the table is never made from hopes.
 */
export async function generateRequirements(
  root: string,
  { fromRun }: { fromRun: boolean },
): Promise<Map<string, string>> {
  const rows = readRows(readFileSync(join(root, 'docs', 'requirements.tsv'), 'utf8'));
  const run = join(process.env['ERX_DATA_DIR'] || join(root, '.erx'), 'test', 'results.jsonl');
  const committed = join(root, PAGE);
  let proofs: Map<string, string[]>;
  if (fromRun && existsSync(run)) {
    proofs = proofsOfRun(readResults(run));
    const unknown = unknownIds(proofs, rows);
    if (unknown.length > 0) throw new Error(`tests name requirements that do not exist: ${unknown.join(', ')}`);
  } else if (existsSync(committed)) {
    const kept = proofsOnPage(readFileSync(committed, 'utf8'));
    proofs = new Map([...kept].map(([id, list]) => [id, list.filter((proof) => isInSources(root, proof))]));
  } else {
    return new Map();
  }
  return new Map([[PAGE, page(rows, proofs)]]);
}

function readResults(file: string): Result[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Result);
}
