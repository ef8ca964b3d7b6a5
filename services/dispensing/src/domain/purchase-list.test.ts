import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import type { LineAmounts } from '@erx/proto/settlement/v1/settlement_events';
import { AT } from './prescription.fixture.ts';
import { purchaseList } from './purchase-list.ts';

const line = { lineNo: 1, drugCode: 'D1', quantity: 20_000n, unitPrice: 5_580_000_000n, traceCodes: ['a', 'b'] };
const layers = { total: 1_116_000n, basic: 892_800n, serious: 0n, aid: 0n, patient: 223_200n };
const sale = {
  saleId: 's',
  prescriptionId: 'rx',
  hiRxno: 'n',
  pharmacyId: 'P',
  soldAt: AT,
  lines: [{ ...line, genericName: '药' }],
  amounts: { ...layers, lines: [{ ...layers, lineNo: 1 } as LineAmounts] },
};

test('HB-24d the list that the patient signs names packs, codes and money to the fen, and nobody', () => {
  const { bytes, sm3 } = purchaseList(sale);
  const fen = { totalFen: 1_116_000, basicFen: 892_800, seriousFen: 0, aidFen: 0, patientFen: 223_200 };
  assert.deepEqual(JSON.parse(Buffer.from(bytes).toString()), {
    schema: 'erx.purchase-list.v1',
    saleId: 's',
    prescriptionId: 'rx',
    hiRxno: 'n',
    pharmacyId: 'P',
    soldAt: '2025-06-06T09:00:00+08:00',
    lines: [
      {
        lineNo: 1,
        drugCode: 'D1',
        genericName: '药',
        packs: '2',
        unitPrice: '5580.00',
        traceCodes: ['a', 'b'],
        ...fen,
      },
    ],
    ...fen,
  });
  assert.equal(sm3, sm3Hex(bytes));
  assert.deepEqual(purchaseList(sale), { bytes, sm3 });
});

test('HB-24d a settlement that forgets a line makes no list', () => {
  assert.throws(() => purchaseList({ ...sale, amounts: { ...layers, lines: [] } }));
});
