// `npm run generate`: writes every generated file; with `--check` compares instead, with `--check
// --proofs` also with the results of the last complete `npm test`. `--release` freezes the contracts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateContracts } from './generate/contracts.ts';
import { generateRefusals } from './generate/refusals.ts';
import { generateRequirements } from './generate/requirements.ts';
import { generateRights } from './generate/rights.ts';
import { generateStateDiagrams } from './generate/state-diagrams.ts';

const root = join(import.meta.dirname, '..');

if (process.argv.includes('--release')) {
  execFileSync(join(root, 'node_modules', '.bin', 'buf'), ['build', '-o', 'released.binpb'], {
    cwd: join(root, 'proto'),
  });
}

const check = process.argv.includes('--check');
// What a run proved is compared after that run: before it there is nothing to compare with.
const fromRun = !check || process.argv.includes('--proofs');
const requirements = (): Promise<Map<string, string>> => generateRequirements(root, { fromRun });

/** Path below the root → content. */
const files = new Map<string, string>();
const generators = [generateContracts, generateStateDiagrams, generateRights, generateRefusals, requirements];
for (const generate of generators) {
  for (const [path, content] of await generate(root)) files.set(path, content);
}

const stale = [...files].filter(([path, content]) => current(path) !== content);
if (check) {
  for (const [path] of stale) console.log(`${path} differs from what \`npm run generate\` writes`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [path, content] of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  console.log(`wrote ${path}`);
}
console.log(`generate: ${files.size} files, ${stale.length} written`);

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
