import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, D3, D7, drug, H5, heart, hubeiFacts, jilinFacts, line, listed, liver, lung } from '../precheck.fixture.ts';
import { diagnosisPresent } from './diagnosis.ts';
import { diseaseScope } from './disease-scope.ts';
import { paymentScope } from './payment-scope.ts';
import { shown } from './shown.fixture.ts';

test('CX-21c a prescription without diagnosis is refused, for that reason alone', () => {
  const facts = hubeiFacts({ diagnoses: [] });
  assert.deepEqual(shown(diagnosisPresent(facts)), ['DIAGNOSIS_MISSING /diagnoses']);
  assert.deepEqual(paymentScope(facts), []);
  assert.deepEqual(diagnosisPresent(hubeiFacts()), []);
});

test('HB-2b HB-25b each drug needs a diagnosis within its limited payment scope', () => {
  const judge = (...diagnoses: { code: string }[]) =>
    shown(paymentScope(hubeiFacts({ diagnoses, lines: [line(D1), line(D3)] })));
  assert.deepEqual(judge(lung, heart), []);
  assert.deepEqual(judge(lung), ['OFF_PAYMENT_SCOPE /lines/1']);
  assert.deepEqual(judge(liver), ['OFF_PAYMENT_SCOPE /lines/0', 'OFF_PAYMENT_SCOPE /lines/1']);
});

test('a finer code lies within the scope of a coarser one, not the other way round', () => {
  const narrow = drug(D1.drugCode, { entries: [listed('420000', 'SEPARATE_PAY', ['C34.900'])] });
  const judge = (code: string) => shown(paymentScope(hubeiFacts({ drugs: [narrow], diagnoses: [{ code }] })));
  assert.deepEqual(judge('C34.900x001'), []);
  assert.deepEqual(judge('C34'), ['OFF_PAYMENT_SCOPE /lines/0']);
});

test('a drug without limited scope may be given for any diagnosis', () => {
  const unlimited = drug(D1.drugCode, { entries: [listed('420000', 'SEPARATE_PAY')] });
  assert.deepEqual(paymentScope(hubeiFacts({ drugs: [unlimited], diagnoses: [heart] })), []);
});

test('the refusal names what is permitted and never the patient’s diagnosis', () => {
  const [refused] = paymentScope(hubeiFacts({ diagnoses: [heart] }));
  assert.equal(refused?.detail?.['permitted'], 'C34');
  assert.ok(!JSON.stringify(refused).includes(heart.code));
});

test('JL-4-1b the disease treated is in the hospital’s public list', () => {
  const judge = (diseases: string[], ...diagnoses: { code: string }[]) =>
    shown(diseaseScope(jilinFacts({ hospital: { ...H5, diseases }, diagnoses, lines: [line(D7)] })));
  assert.deepEqual(judge(['C22'], liver), []);
  assert.deepEqual(judge(['C34'], liver), ['DISEASE_NOT_IN_INSTITUTION_SCOPE /lines/0']);
  // The listed disease is not the one that D7 is given for.
  assert.deepEqual(judge(['C34'], liver, lung), ['DISEASE_NOT_IN_INSTITUTION_SCOPE /lines/0']);
  assert.deepEqual(judge([], liver), []);
});

test('JL-4-1b where the region keeps no such lists, none limits', () => {
  assert.deepEqual(diseaseScope(hubeiFacts({ hospital: { ...H5, diseases: ['E03'] } })), []);
});
