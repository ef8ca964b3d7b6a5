import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { eventually } from '@erx/testkit';
import { D1, line } from '../src/domain/precheck.fixture.ts';
import { asHospital, entitled, prescribed, uploadOf } from './hospital.ts';
import { pharmacy, reporter } from './reporter.ts';
import { accepted, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, registry, database, publish } = issuing;

async function circulating(): Promise<string> {
  const request = prescribed(randomUUID(), { lines: [line(D1, { quantity: 30_000n })] });
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  const answer = accepted(await gateway.precheck(request, asHospital()));
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  return answer.prescriptionId;
}

const UPLOADED = 5;

/** Status, later steps and fills, once so many steps have followed the upload. */
const followed = (prescriptionId: string, count: number) =>
  eventually(async () => {
    const { status, steps, fills } = accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));
    const later = steps.slice(UPLOADED);
    if (later.length < count) return undefined;
    return { status, names: later.map(({ name }) => name), steps: later, fills };
  });
const packs = (n: bigint) => [
  { lineNo: 1, drugCode: D1.drugCode, quantity: n * 10_000n, unitPrice: 1n, traceCodes: [] },
];
const parked = async (prescriptionId: string) => {
  const [row] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from parked where key = ${Buffer.from(prescriptionId)}`;
  return row?.n ?? 0;
};

test('GJ-6b the hospital sees who filled what, when and what became of it, per line and sale', async () => {
  const id = await circulating();
  const { locked, approved, sold, handedOver, reversing, reversed } = reporter(id);
  const [first, second] = [randomUUID(), randomUUID()];
  await publish(
    locked(),
    approved(),
    sold(first, false, packs(1n)),
    locked(),
    approved(),
    sold(second, true, packs(2n)),
  );
  const { fills } = await followed(id, 8);
  assert.deepEqual(fills, [
    {
      saleId: first,
      pharmacyId: pharmacy.institutionId,
      lineNo: 1,
      drugCode: D1.drugCode,
      quantity: 10_000n,
      soldAt: new Date('2025-06-06T03:03:00Z'),
      state: 'SOLD',
    },
    {
      saleId: second,
      pharmacyId: pharmacy.institutionId,
      lineNo: 1,
      drugCode: D1.drugCode,
      quantity: 20_000n,
      soldAt: new Date('2025-06-06T03:06:00Z'),
      state: 'SOLD',
    },
  ]);
  await publish(handedOver(first), reversing(second, '患者不取'), reversed(second));
  const after = await followed(id, 11);
  assert.deepEqual(
    after.fills.map(({ saleId, state }) => [saleId, state]),
    [
      [first, 'HANDED_OVER'],
      [second, 'REVERSED'],
    ],
  );
  assert.equal(after.status, 'CIRCULATING');
});

test('HB-37a a reversal shows its beginning with the reason and its end; a settled prescription circulates again', async () => {
  const id = await circulating();
  const { locked, approved, sold, reversing, reversed, handedOver } = reporter(id);
  const sale = randomUUID();
  await publish(locked(), approved(), sold(sale, true, packs(3n)), reversing(sale, '患者不取'));
  assert.equal((await followed(id, 5)).status, 'SETTLED');
  // Only forward from here: nothing of this sale is handed over any more.
  await publish(handedOver(sale), reversed(sale));
  const { status, steps } = await followed(id, 6);
  assert.equal(status, 'CIRCULATING');
  assert.deepEqual(
    steps.slice(4).map(({ name, reason }) => [name, reason]),
    [
      ['SALE_REVERSING', '患者不取'],
      ['SALE_REVERSED', ''],
    ],
  );
  assert.equal(await parked(id), 1);
  const again = randomUUID();
  await publish(locked(), approved(), sold(again, true, packs(3n)), handedOver(again));
  assert.equal((await followed(id, 11)).status, 'HANDED_OVER');
});

test('CX-28c a withdrawal that waited for a sale takes the rest; what was sold is still handed over, or taken back', async () => {
  const id = await circulating();
  const { locked, approved, withdrawalRequested, sold, withdrawn, handedOver, reversing, reversed } = reporter(id);
  const [first, second] = [randomUUID(), randomUUID()];
  await publish(locked(), approved(), sold(first, false, packs(1n)), locked(), approved());
  await publish(withdrawalRequested('剂量有误'));
  assert.equal((await followed(id, 7)).status, 'PHARMACIST_APPROVED');
  await publish(sold(second, false, packs(1n)), withdrawn('剂量有误'));
  assert.equal((await followed(id, 10)).status, 'WITHDRAWN');
  await publish(handedOver(first), reversing(second, '患者不取'), reversed(second), withdrawn('剂量有误'));
  const { status, names, fills } = await followed(id, 14);
  assert.equal(status, 'WITHDRAWN');
  assert.deepEqual(names.slice(6), [
    'WITHDRAWAL_REQUESTED',
    'DISPENSED',
    'SETTLED',
    'WITHDRAWN',
    'HANDED_OVER',
    'SALE_REVERSING',
    'SALE_REVERSED',
    'WITHDRAWN',
  ]);
  assert.deepEqual(fills.map(({ state }) => state).toSorted(), ['HANDED_OVER', 'REVERSED']);
  assert.equal(await parked(id), 0);
});

test('SM-4 the clock ends a lock and the validity, also of a rest and of one on hold', async () => {
  const rest = await circulating();
  const sale = randomUUID();
  const ofRest = reporter(rest);
  await publish(ofRest.locked(), ofRest.approved(), ofRest.sold(sale, false, packs(1n)));
  await publish(ofRest.locked(), ofRest.released('TIMED_OUT'), ofRest.expired(), ofRest.handedOver(sale));
  const { status, steps } = await followed(rest, 8);
  assert.equal(status, 'EXPIRED');
  assert.deepEqual(
    steps.slice(4).map(({ name, reason }) => [name, reason]),
    [
      ['LOCKED', ''],
      ['LOCK_RELEASED', 'TIMED_OUT'],
      ['EXPIRED', ''],
      ['HANDED_OVER', ''],
    ],
  );
  const onHold = await circulating();
  const { held, expired } = reporter(onHold);
  await publish(held('DOCTOR_REVOKED'), expired());
  assert.equal((await followed(onHold, 2)).status, 'EXPIRED');
});

test('what follows an end, or precedes its beginning, is parked and changes nothing; the next in order goes on', async () => {
  const id = await circulating();
  const sale = randomUUID();
  const { locked, approved, sold, held, withdrawn, expired, reversed, reversing } = reporter(id);
  await publish(
    reversed(sale),
    reversing(sale, ''),
    locked(),
    approved(),
    sold(sale, false, packs(1n)),
    withdrawn('错'),
  );
  await publish(locked(), held('DOCTOR_REVOKED'), expired(), reversing(sale, ''), reversed(sale));
  const { status, names, fills } = await followed(id, 7);
  assert.equal(status, 'WITHDRAWN');
  assert.deepEqual(names, [
    'LOCKED',
    'PHARMACIST_APPROVED',
    'DISPENSED',
    'SETTLED',
    'WITHDRAWN',
    'SALE_REVERSING',
    'SALE_REVERSED',
  ]);
  assert.deepEqual(
    fills.map(({ state }) => state),
    ['REVERSED'],
  );
  assert.equal(await parked(id), 5);
});

test('every new event twice has its effect once', async () => {
  const id = await circulating();
  const sale = randomUUID();
  const { locked, approved, sold, reversing, reversed, held, withdrawn } = reporter(id);
  const way = [
    locked(),
    approved(),
    sold(sale, true, packs(3n)),
    reversing(sale, ''),
    reversed(sale),
    held(''),
    withdrawn(''),
  ];
  await publish(...way);
  await followed(id, 8);
  await issuing.republish(way.map((event) => event.id));
  const other = await circulating();
  await publish(reporter(other).locked());
  await followed(other, 1);
  const { names, fills } = await followed(id, 8);
  assert.equal(names.length, 8);
  assert.equal(fills.length, 1);
  assert.equal(await parked(id), 0);
});
