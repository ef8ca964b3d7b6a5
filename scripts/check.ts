// `npm run check`: everything that must hold before a commit lands. Runs all checks, then names those that failed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkCompose } from './check/compose.ts';
import { checkReleasedContracts } from './check/contracts.ts';
import { checkFileSizes } from './check/file-sizes.ts';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

/** Runs a tool; gives its output when it fails. */
function tool(command: string, args: readonly string[], cwd = root): () => Promise<string[]> {
  return () =>
    new Promise((resolve) => {
      const child = spawn(command, args, { cwd, env: { ...process.env, FORCE_COLOR: '0' } });
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      child.on('error', (error) => resolve([error.message]));
      child.on('close', (code) => resolve(code === 0 ? [] : [output.trim() || `exit ${code}`]));
    });
}

const checks: { name: string; run: () => Promise<string[]>; remedy: string }[] = [
  {
    name: 'format and lint',
    run: tool(bin('biome'), ['check', '--error-on-warnings', '.']),
    remedy: 'npx biome check --write .',
  },
  { name: 'types', run: tool(bin('tsc'), ['-p', '.']), remedy: 'mend the types' },
  {
    name: 'import rules',
    run: tool(bin('depcruise'), [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      'packages',
      'services',
      'proto/topics.ts',
      'scripts',
    ]),
    remedy: 'see .dependency-cruiser.cjs',
  },
  { name: 'dead code', run: tool(bin('knip'), ['--no-progress']), remedy: 'remove what nobody uses' },
  { name: 'contract lint', run: tool(bin('buf'), ['lint'], join(root, 'proto')), remedy: 'see proto/buf.yaml' },
  { name: 'contract compatibility', run: () => checkReleasedContracts(root), remedy: 'change contracts additively' },
  {
    name: 'drift of generated files',
    run: tool(process.execPath, [join(root, 'scripts', 'generate.ts'), '--check']),
    remedy: 'npm run generate',
  },
  { name: 'file sizes', run: () => checkFileSizes(root), remedy: 'one idea per file' },
  { name: 'docker-compose.yml', run: () => checkCompose(root), remedy: 'mend docker-compose.yml' },
];

let failed = 0;
for (const { name, run, remedy } of checks) {
  const started = Date.now();
  const problems = await run();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (problems.length === 0) continue;
  failed += 1;
  console.log(`${problems.join('\n')}\n  → ${remedy}`);
}
console.log(
  failed === 0 ? `check: all ${checks.length} checks hold` : `check: ${failed} of ${checks.length} checks failed`,
);
process.exit(failed === 0 ? 0 : 1);
