import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, D7, D8, day, drug, hubeiFacts, line, listed, open } from '../precheck.fixture.ts';
import { drugInList } from './drug-in-list.ts';
import { shown } from './shown.fixture.ts';

const judge = (...drugs: (typeof D1)[]) => drugInList(hubeiFacts({ drugs, lines: drugs.map((each) => line(each)) }));

test('GJ-0b HB-3a a drug of the region’s list passes; one of another region’s, of none, or unknown does not', () => {
  assert.deepEqual(judge(D1), []);
  const unlisted = drug('XA10BKD136A001010105678', { entries: [] });
  assert.deepEqual(shown(judge(D1, D7, unlisted)), [
    'DRUG_NOT_IN_SCHEME /lines/1/drugCode',
    'DRUG_NOT_IN_SCHEME /lines/2/drugCode',
  ]);
  assert.deepEqual(shown(drugInList(hubeiFacts({ lines: [line({ drugCode: 'X-UNKNOWN' })] }))), [
    'DRUG_NOT_IN_SCHEME /lines/0/drugCode',
  ]);
});

test('GJ-1a an entry in a class that the region’s scheme does not name is none', () => {
  const national = drug(D1.drugCode, { entries: [listed('100000', 'NEGOTIATED')] });
  assert.deepEqual(shown(judge(national)), ['DRUG_NOT_IN_SCHEME /lines/0/drugCode']);
});

test('CX-4c an entry that has ended is DRUG_LIST_EXPIRED with its last day; one that will come is not in the list', () => {
  const entry = (from: Date, to: Date | undefined) => [{ ...listed('420000', 'SEPARATE_PAY'), listed: { from, to } }];
  const [refused] = judge(drug(D1.drugCode, { entries: entry(open.from, day('2025-01-01')) }));
  assert.equal(refused?.code, 'DRUG_LIST_EXPIRED');
  assert.equal(refused?.detail?.['lastDay'], '2024-12-31');
  assert.deepEqual(shown(judge(drug(D1.drugCode, { entries: entry(day('2025-06-07'), undefined) }))), [
    'DRUG_NOT_IN_SCHEME /lines/0/drugCode',
  ]);
});

test('CX-3c a drug under special control is refused even where a list names it', () => {
  const morphine = { ...D8, entries: [listed('420000', 'DUAL_CHANNEL')] };
  assert.deepEqual(shown(judge(morphine)), ['DRUG_EXCLUDED_CATEGORY /lines/0/drugCode']);
});
