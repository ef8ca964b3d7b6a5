import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { checkCompose } from './compose.ts';

async function problemsOf(text: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'erx-compose-'));
  try {
    writeFileSync(join(folder, 'docker-compose.yml'), text);
    return await checkCompose(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a compose file whose names all exist passes', async () => {
  assert.deepEqual(
    await problemsOf(
      'services:\n  a: { image: x, volumes: [data:/data] }\n  b: { image: x, depends_on: [a] }\nvolumes:\n  data:\n',
    ),
    [],
  );
});

test('bad syntax and names that do not exist are found', async () => {
  assert.equal((await problemsOf('services: {a: [')).length > 0, true);
  assert.deepEqual(await problemsOf('services:\n  a: { depends_on: [b], volumes: ["data:/d", "./x:/x"] }\n'), [
    'a: neither image nor build',
    'a depends on unknown b',
    'a: volume data does not exist',
    'a: volume ./x does not exist',
  ]);
});
