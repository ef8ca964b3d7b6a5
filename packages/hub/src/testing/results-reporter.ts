// A reporter for `node --test`: one JSON line per test, suites aside. The requirements table is made from it.
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

export default async function* results(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, file, details, skip, todo } = event.data;
    if (details.type === 'suite') continue;
    const skipped = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
    const outcome = skipped ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed';
    const place = file === undefined ? '' : relative(process.cwd(), file);
    yield `${JSON.stringify({ name, file: place, outcome, duration: Math.round(details.duration_ms) })}\n`;
  }
}
