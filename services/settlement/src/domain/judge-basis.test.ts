import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { WHOLE } from '@erx/values';
import {
  AT,
  basis,
  D1,
  D3,
  D5,
  D7,
  figures,
  fixtureReference,
  insurance,
  line,
  P1,
  P3,
  P6,
  remoteInJilin,
  yuan,
} from './basis.fixture.ts';
import { findFacts, type WholeBasis } from './basis-facts.ts';
import { judgeBasis } from './judge-basis.ts';

const reference = fixtureReference();

function judge(asked: WholeBasis, at = AT, known = reference) {
  const facts = findFacts(asked, known, at);
  assert.ok(facts !== undefined);
  return judgeBasis(facts);
}

/** `CODE field` of every refusal. */
function codes(asked: WholeBasis, at = AT, known = reference): string[] {
  const judged = judge(asked, at, known);
  return isRefused(judged) ? judged.refused.map(({ code, field = '' }) => `${code} ${field}`.trim()) : [];
}

const ordinary = (change: Partial<WholeBasis>) => basis({ category: '11', prescribedCategory: '11', ...change });

test('GJ-4a a line carries the list version of its issue and plan and standard of the sale', () => {
  const judged = judge(basis());
  assert.ok(!isRefused(judged));
  assert.equal(judged.plan.planId, 'HB-WH-EMP');
  assert.deepEqual(judged.lines, [
    {
      lineNo: 1,
      drugCode: D1.drugCode,
      quantity: WHOLE,
      unitPrice: yuan(5580),
      standard: yuan(5580),
      listVersion: '420000@1 420000@2024-01-01',
    },
  ]);
  assert.deepEqual(judged.listVersions, [`${D1.drugCode}@1`]);
});

test('HB-30 the standard in force at the sale counts, the list entry in force at the issue', () => {
  const changed = fixtureReference();
  const noon = new Date('2025-06-06T10:00:00+08:00');
  const before = { from: open2024, to: noon };
  changed.apply('erx.registry.v1.DrugPublished', {
    context: undefined,
    revision: 2n,
    drug: {
      ...D1,
      entries: [{ region: '420000', drugClass: 'SEPARATE_PAY', listed: before, scopeDiagnoses: [], version: 7 }],
      standards: [
        { region: '420000', unitPrice: yuan(5580), valid: before },
        { region: '420000', unitPrice: yuan(5000), valid: { from: noon, to: undefined } },
        { region: '220000', unitPrice: yuan(1), valid: { from: noon, to: undefined } },
      ],
    },
  });
  const judged = judge(basis({ lines: [line(D1, { unitPrice: yuan(5000) })] }), AT, changed);
  assert.ok(!isRefused(judged));
  assert.deepEqual(
    judged.lines.map(({ standard, listVersion }) => [standard, listVersion]),
    [[yuan(5000), '420000@7 420000@2025-06-06']],
  );
  assert.deepEqual(codes(basis(), AT, changed), ['PRICE_ABOVE_PAYMENT_STANDARD /lines/0/unitPrice']);
  // Issued after the entry ended.
  assert.deepEqual(codes(basis({ prescribedAt: noon, lines: [line(D1, { unitPrice: yuan(5000) })] }), AT, changed), [
    'DRUG_NOT_IN_SCHEME /lines/0',
  ]);
});
const open2024 = new Date('2024-01-01T00:00:00+08:00');

test('HB-19-5 HB-21-3 CX-26b a negotiated drug above its standard is blocked, with both figures', () => {
  const judged = judge(basis({ lines: [line(D1, { unitPrice: yuan(5580.01) })] }));
  assert.ok(isRefused(judged));
  assert.deepEqual(judged.refused, [
    {
      code: 'PRICE_ABOVE_PAYMENT_STANDARD',
      field: '/lines/0/unitPrice',
      detail: { drugCode: D1.drugCode, price: '5580.01', standard: '5580.00' },
    },
  ]);
});

test('HB-31-4 any other drug above its standard is split', () => {
  const judged = judge(ordinary({ lines: [line(D5, { unitPrice: yuan(61) })] }));
  assert.ok(!isRefused(judged));
  assert.deepEqual([judged.lines[0]?.unitPrice, judged.lines[0]?.standard], [yuan(61), yuan(60)]);
});

test('HB-34a HB-35 a separately paid drug under another category is refused MED_CATEGORY_REQUIRED_110202', () => {
  assert.deepEqual(codes(ordinary({})), ['MED_CATEGORY_REQUIRED_110202 /category']);
  assert.deepEqual(codes(basis({ category: '11' })), ['MED_CATEGORY_REQUIRED_110202 /category']);
});

test('HB-38b another category than prescribed is refused MED_CATEGORY_MISMATCH', () => {
  assert.deepEqual(codes(ordinary({ category: '110202', lines: [line(D3)] })), ['MED_CATEGORY_MISMATCH /category']);
});

test('CX-9b a category that no plan of the insurance pays for is refused MED_CATEGORY_MISMATCH', () => {
  const resident = ordinary({ insurance: insurance({ insuranceType: '390' }), lines: [line(D3)] });
  assert.deepEqual(codes(resident), ['MED_CATEGORY_MISMATCH /category']);
  const beforeThePlan = new Date('2024-01-01T00:00:00+08:00').getTime() - 1;
  const known = fixtureReference();
  known.apply('erx.registry.v1.PlanPublished', {
    context: undefined,
    revision: 2n,
    plan: {
      planId: 'HB-WH-EMP',
      poolingRegion: '420100',
      insuranceType: '310',
      category: '110202',
      versions: [figures({ valid: { from: open2024, to: new Date(beforeThePlan + 2) } })],
    },
  });
  assert.deepEqual(codes(basis(), AT, known), ['MED_CATEGORY_MISMATCH /category']);
});

test('HB-40a HB-40b inside Hubei another city needs no filing, and the home plan pays', () => {
  const judged = judge(basis({ pharmacyId: P3.institutionId }));
  assert.ok(!isRefused(judged));
  assert.equal(judged.plan.planId, 'HB-WH-EMP');
});

test('JL-3-2c AS-15 a remote patient without filing is refused REMOTE_FILING_REQUIRED, with it the home plan pays', () => {
  assert.deepEqual(codes(remoteInJilin([])), ['REMOTE_FILING_REQUIRED']);
  assert.deepEqual(codes(remoteInJilin(['220300'])), ['REMOTE_FILING_REQUIRED']);
  for (const region of ['220100', '220000']) {
    const judged = judge(remoteInJilin([region]));
    assert.ok(!isRefused(judged));
    assert.equal(judged.plan.planId, 'JL-JL-EMP');
  }
});

test('HB-41a another province is refused CROSS_PROVINCE_NOT_SUPPORTED', () => {
  const abroad = remoteInJilin(['220100']);
  const fromHubei = { ...abroad, insurance: insurance({ remoteFilingRegions: ['220100'] }) };
  assert.deepEqual(codes(fromHubei), ['CROSS_PROVINCE_NOT_SUPPORTED']);
});

test('HB-2a CX-5a without active benefits nothing is settled', () => {
  for (const poolingRegion of ['420100', '']) {
    const without = insurance({ active: false, poolingRegion });
    assert.deepEqual(codes(basis({ insurance: without })), ['INSURED_STATUS_INACTIVE']);
  }
});

test('all reasons come at once, each with the place where its line stood', () => {
  const lines = [line(D1, { lineNo: 2, unitPrice: yuan(6000) }), line(D7, { lineNo: 1 }), line(D3, { lineNo: 3 })];
  const asked = basis({ category: '11', insurance: insurance({ active: false }), lines });
  assert.deepEqual(codes(asked), [
    'INSURED_STATUS_INACTIVE',
    'MED_CATEGORY_REQUIRED_110202 /category',
    'DRUG_NOT_IN_SCHEME /lines/1',
    'PRICE_ABOVE_PAYMENT_STANDARD /lines/0/unitPrice',
  ]);
});

test('a listed drug without a standard at the place of sale is refused NO_LISTING_PRICE', () => {
  const known = fixtureReference();
  const drug = { ...D1, standards: [{ region: '220000', unitPrice: 1n, valid: D1.standards[0]?.valid }] };
  known.apply('erx.registry.v1.DrugPublished', { context: undefined, revision: 2n, drug });
  assert.deepEqual(codes(basis(), AT, known), ['NO_LISTING_PRICE /lines/0']);
});

test('figures that no settlement table can hold are refused, not computed with', () => {
  const odd: [Partial<WholeBasis>, string][] = [
    [{ lines: [] }, 'REQUEST_INVALID /lines'],
    [{ lines: [line(D5, { quantity: 0n })] }, 'REQUEST_INVALID /lines/0'],
    [{ lines: [line(D5, { unitPrice: 0n })] }, 'REQUEST_INVALID /lines/0'],
    [{ lines: [line(D5, { unitPrice: -1n })] }, 'REQUEST_INVALID /lines/0'],
    [{ lines: [line(D5, { unitPrice: 10n ** 16n })] }, 'REQUEST_INVALID /lines/0'],
    [{ lines: [line(D5, { unitPrice: 10n ** 16n - 1n, quantity: 10n ** 16n - 1n })] }, 'REQUEST_INVALID /lines'],
    [{ lines: [line(D5), line(D5)] }, 'REQUEST_INVALID /lines/1/lineNo'],
  ];
  for (const [change, expected] of odd) assert.deepEqual(codes(ordinary(change)), [expected]);
});

test('what the read copy does not know yet is no refusal', () => {
  for (const change of [{ pharmacyId: 'P0' }, { hospitalId: 'H0' }, { lines: [line(D1, { drugCode: 'X0' })] }]) {
    assert.equal(findFacts(basis(change), reference, AT), undefined);
  }
  assert.equal(findFacts(basis(), reference, new Date('2023-01-01T00:00:00+08:00')), undefined);
  assert.ok(findFacts(basis({ pharmacyId: P1.institutionId, hospitalId: P6.institutionId }), reference, AT));
});
