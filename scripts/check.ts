// `npm run check`: everything that must hold before a commit lands. The tools run side by side under turbo, which skips
// one whose inputs (turbo.json) have not changed since it succeeded; then the checks of our own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkCompose } from './check/compose.ts';
import { checkReleasedContracts } from './check/contracts.ts';
import { checkDocPaths } from './check/doc-paths.ts';
import { checkFileSizes } from './check/file-sizes.ts';

const root = join(import.meta.dirname, '..');

/** The tools by the names of their npm scripts, with what mends a complaint. */
const tools = {
  'check:lint': 'npx biome check --write .',
  'check:types': 'mend the types',
  'check:imports': 'the rules stand in .dependency-cruiser.cjs',
  'check:dead-code': 'remove what nobody uses',
  'check:contracts': 'the rules stand in proto/buf.yaml',
};

const checks: { name: string; run: () => Promise<string[]>; remedy: string }[] = [
  { name: 'contract compatibility', run: () => checkReleasedContracts(root), remedy: 'change contracts additively' },
  { name: 'drift of generated files', run: checkDrift, remedy: 'npm run generate' },
  { name: 'file sizes', run: () => checkFileSizes(root), remedy: 'one idea per file' },
  { name: 'files that the pages name', run: () => checkDocPaths(root), remedy: 'mend the page' },
  { name: 'docker-compose.yml', run: () => checkCompose(root), remedy: 'mend docker-compose.yml' },
];

const toolsHold = await runTools();
let failed = 0;
for (const { name, run, remedy } of checks) {
  const problems = await run();
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}`);
  if (problems.length === 0) continue;
  failed += 1;
  console.log(`${problems.join('\n')}\n  → ${remedy}`);
}
if (!toolsHold) {
  console.log('✗ a tool above complains:');
  for (const [name, remedy] of Object.entries(tools)) console.log(`  ${name} → ${remedy}`);
}
const holds = toolsHold && failed === 0;
console.log(holds ? 'check: everything holds' : 'check: failed');
process.exit(holds ? 0 : 1);

/** Prints what fails, in the tool's own words. */
async function runTools(): Promise<boolean> {
  const flags = ['--continue', '--ui=stream', '--output-logs=errors-only', '--log-prefix=none', '--no-color'];
  const child = spawn(join(root, 'node_modules', '.bin', 'turbo'), ['run', ...Object.keys(tools), ...flags], {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** What `npm run generate` would write now, compared with what is committed. */
function checkDrift(): Promise<string[]> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'generate.ts'), '--check'], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? [] : [output.trim()]));
  });
}
