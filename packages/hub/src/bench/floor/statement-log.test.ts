import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parametersOf, readUnits } from './statement-log.ts';

test('parameters are read as PostgreSQL writes them', () => {
  assert.deepEqual(parametersOf(''), []);
  assert.deepEqual(parametersOf("Parameters: $1 = 'it''s, $2 = ''x''', $2 = NULL, $3 = '{a,b}'"), [
    "it's, $2 = 'x'",
    null,
    '{a,b}',
  ]);
});

test('transactions come in the order of their ends, without what is not meant and without those left empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'statement-log-'));
  const file = join(folder, 'statements.log');
  const line = (session_id: string, message: string, detail?: string) =>
    JSON.stringify({
      session_id,
      dbname: 'a',
      application_name: 'x',
      timestamp: '2026-01-01 00:00:01 UTC',
      message,
      detail,
    });
  writeFileSync(
    file,
    [
      line('1', 'statement: begin'),
      line('2', 'statement: begin '),
      line('1', 'execute s1: insert into one values ($1)', "Parameters: $1 = '7'"),
      line('2', 'execute <unnamed>: insert into two'),
      line('3', 'execute s2: select 1'),
      line('2', 'statement: commit'),
      line('4', 'statement: begin'),
      line('4', 'execute s3: select ping'),
      line('4', 'statement: commit'),
      line('1', 'statement: commit'),
      line('1', 'connection authorized'),
    ].join('\n'),
  );
  const units = readUnits(file, ({ text }) => !text.includes('ping'));
  rmSync(folder, { recursive: true });
  assert.deepEqual(
    units.map(({ statements }) => statements.map(({ text }) => text.trim())),
    [['select 1'], ['begin', 'insert into two', 'commit'], ['begin', 'insert into one values ($1)', 'commit']],
  );
  assert.deepEqual(units[2]?.statements[1]?.parameters, ['7']);
});
