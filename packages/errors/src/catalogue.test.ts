import assert from 'node:assert/strict';
import test from 'node:test';
import { catalogue } from './catalogue.ts';
import { documentOf } from './documents.ts';

test('every code has both texts, a source and somebody who must act', () => {
  for (const [code, entry] of Object.entries(catalogue)) {
    assert.match(code, /^[A-Z][A-Z0-9_]+$/);
    assert.ok(entry.zh.length > 0 && entry.en.length > 0, code);
    assert.ok(entry.requirements.length > 0, code);
    for (const id of entry.requirements) {
      assert.ok(documentOf(id) !== undefined || /^(PROJECT|A-\d+)$/.test(id), `${code}: ${id}`);
    }
  }
});

test('every code of policy sections 5.1 to 5.5 that the main job can meet is in the catalogue', () => {
  for (const code of ['PRESCRIPTION_TAMPERED', 'DOCTOR_NOT_FILED', 'TRACE_CODE_DUPLICATE', 'SETTLE_QUOTE_STALE']) {
    assert.ok(code in catalogue, code);
  }
});
