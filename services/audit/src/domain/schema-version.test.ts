import assert from 'node:assert/strict';
import test from 'node:test';
import { events } from '@erx/proto/topics';
import { schemaVersion } from './schema-version.ts';

test('every event of the catalogue names the version of its schema', () => {
  for (const type of Object.keys(events)) assert.equal(schemaVersion(type), 1, type);
  assert.equal(schemaVersion('erx.dispensing.v12.SaleCompleted'), 12);
  assert.throws(() => schemaVersion('erx.dispensing.SaleCompleted'), /names no version/);
});
