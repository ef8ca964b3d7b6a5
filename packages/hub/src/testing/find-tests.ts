import { globSync } from 'node:fs';
import { root } from '../paths.ts';

const patterns = {
  /** Pure: no engines, one process for all. */
  unit: [
    'packages/*/src/**/*.test.ts',
    'services/*/{src,profiles}/**/*.test.ts',
    'proto/**/*.test.ts',
    'scripts/**/*.test.ts',
  ],
  /** On real engines, a process per file. */
  integration: ['services/*/tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
};

/** Test files relative to the checkout; `filters` keep those whose path contains one of them. */
export function findTests(kind: keyof typeof patterns, filters: readonly string[] = []): string[] {
  return globSync(patterns[kind], { cwd: root, exclude: (path) => path.includes('node_modules') })
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .sort();
}
