import assert from 'node:assert/strict';
import test from 'node:test';
import { hubeiFacts, jilinFacts } from '../precheck.fixture.ts';
import { outflowReason } from './outflow-reason.ts';
import { shown } from './shown.fixture.ts';

const inHubei = (reason: string) => shown(outflowReason(hubeiFacts({ outflowReason: reason })));
const inJilin = (reason: string) => shown(outflowReason(jilinFacts({ outflowReason: reason })));

test('CX-21f sending a prescription out needs a reason', () => {
  assert.deepEqual(inHubei(''), ['OUTFLOW_REASON_MISSING /outflowReason']);
});

test('HB-15 a hospital that cannot supply at the moment may send it out, also one that never stocks the drug', () => {
  assert.deepEqual(inHubei('TEMPORARILY_UNABLE'), []);
  assert.deepEqual(inHubei('NOT_STOCKED'), []);
});

test('JL-1-2c in Jilin only a drug that the hospital does not stock flows out', () => {
  assert.deepEqual(inJilin('NOT_STOCKED'), []);
  assert.deepEqual(inJilin('TEMPORARILY_UNABLE'), ['OUTFLOW_REASON_MISSING /outflowReason']);
});

test('CX-25c budget, formulary size and drug share are never a reason', () => {
  for (const reason of ['BUDGET', 'FORMULARY', 'DRUG_SHARE']) {
    assert.deepEqual(inHubei(reason), ['FORBIDDEN_LIMIT_REASON /outflowReason'], reason);
  }
});
