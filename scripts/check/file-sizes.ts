import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE_MAX = 400;
const TEST_MAX = 500;
const P90_MAX = 200;

/** Sources at most 400 lines, tests 500, nine of ten at most 200; generated code aside. */
export async function checkFileSizes(root: string): Promise<string[]> {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && !file.startsWith('proto/gen/'));
  const sizes = files.map((file) => ({ file, lines: lineCount(join(root, file)) })).filter(({ lines }) => lines > 0);
  const problems = sizes
    .filter(({ file, lines }) => lines > (file.includes('.test.') ? TEST_MAX : SOURCE_MAX))
    .map(({ file, lines }) => `${file}: ${lines} lines`);
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const p90 = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  if (p90 > P90_MAX) problems.push(`nine of ten files have up to ${p90} lines, at most ${P90_MAX} are wanted`);
  return problems;
}

function lineCount(path: string): number {
  try {
    return readFileSync(path, 'utf8').split('\n').length - 1;
  } catch {
    return 0; // deleted in the work tree
  }
}
