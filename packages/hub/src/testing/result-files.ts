import { join } from 'node:path';

/** The results of the two runs of `npm test`, as JSON lines: unit tests, then those on real engines. */
export const resultFiles = (home: string): [unit: string, integration: string] => [
  join(home, 'results-unit.jsonl'),
  join(home, 'results-integration.jsonl'),
];

/** The test runner's argument for its results; also tells the runner of one data folder from others. */
export const resultsFlag = (file: string): string => `--test-reporter-destination=${file}`;
