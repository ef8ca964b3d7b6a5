import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fill, fixtureOf, prescribe, type Scene, type Visit } from '@erx/sandbox';
import { codesOf } from '../src/codes.ts';
import { fixtureVisit, packageOf } from '../src/fixture-visit.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

describe('AS-07 trace codes', () => {
  let sandbox: SandboxInProcess;
  let scene: Scene;
  const visit = (pharmacy: string, serial: number, person = 'PT1'): Visit =>
    fixtureVisit(sandbox.world, { person, doctor: 'DR1', drug: 'D1', pharmacy, serials: [serial] });
  const code = (drug: string, serial: number): string => packageOf(sandbox.world, drug, 'P1', serial);

  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
    scene = await sandbox.scene();
    const first = visit('P1', 1);
    await fill.fill(scene, first, await prescribe.prescribe(scene, first));
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  /** A prescription of PT1 at the till of a pharmacy, quoted; the function scans. */
  async function atTheTill(of: Visit) {
    const issued = await prescribe.prescribe(scene, of);
    const grantId = await fill.takeIn(scene, of, issued);
    const basket = fill.basketOf(of);
    const { quoteToken } = await fill.quote(scene, of, issued, of.counter, grantId, basket);
    return {
      scan: (traceCodes: string[]) =>
        fill.trySale(scene, issued, of.counter, { grantId, quoteToken, lines: [{ lineNo: 1, traceCodes }] }),
      leave: () => scene.pharmacy(of.counter.pharmacy).release(issued.prescriptionId, '参保人离店'),
    };
  }

  async function scanned(of: Visit, traceCodes: string[]): Promise<string[]> {
    const till = await atTheTill(of);
    const codes = codesOf(await till.scan(traceCodes));
    assert.ok((await till.leave()).ok, 'a refused sale leaves the lock as it was');
    return codes;
  }

  test('AS-07 1 a sold pack of another pharmacy is duplicate and not held', async () => {
    assert.equal(code('D1', 1), '81000010000000000001');
    assert.deepEqual(await scanned(visit('P3', 1), [code('D1', 1)]), ['TRACE_CODE_DUPLICATE', 'TRACE_CODE_NOT_HELD']);
  });

  test('AS-07 2 a pack is not sold twice by its own pharmacy', async () => {
    assert.deepEqual(await scanned(visit('P1', 2), [code('D1', 1)]), ['TRACE_CODE_DUPLICATE']);
  });

  test('AS-07 3 a pack that nobody received is unknown', async () => {
    assert.deepEqual(await scanned(visit('P1', 2), ['81000019999999999999']), ['TRACE_CODE_UNKNOWN']);
  });

  test('AS-07 4 a pack of D3 does not fit a line of D1', async () => {
    assert.deepEqual(await scanned(visit('P1', 2), [code('D3', 1)]), ['TRACE_CODE_PRODUCT_MISMATCH']);
  });

  test('AS-07 5 a code of 19 digits is malformed', async () => {
    assert.deepEqual(await scanned(visit('P1', 2), [code('D1', 2).slice(1)]), ['TRACE_CODE_MALFORMED']);
  });

  test('AS-07 6 no scan, no sale', async () => {
    assert.deepEqual(await scanned(visit('P1', 2), []), ['TRACE_CODE_MISSING']);
  });

  test('AS-07 7 two tills scan one pack at the same instant: exactly one sells it', async () => {
    const tills = [await atTheTill(visit('P1', 2)), await atTheTill(visit('P1', 2, 'PT2'))];
    const answers = await Promise.all(tills.map(({ scan }) => scan([code('D1', 2)])));
    assert.deepEqual(answers.map(codesOf).sort(), [[], ['TRACE_CODE_DUPLICATE']]);
    const shown = await scene.pharmacy(visit('P1', 2).counter.pharmacy).code(code('D1', 2));
    assert.ok(shown.ok);
    assert.match(shown.body.state, /^(RESERVED|SOLD)$/);
  });

  test('AS-07 8 a sold pack on P9’s delivery is refused and quarantined, and both sides are on record', async () => {
    const traceCode = code('D1', 1);
    const [p1, p9] = ['P1', 'P9'].map((name) => fixtureOf(sandbox.world.pharmacies, name));
    assert.ok(p1 && p9);
    const note = {
      noteId: 'AS-07-8',
      drugCode: fixtureOf(sandbox.world.drugs, 'D1').record.drugCode,
      batchNo: 'AS-07-8',
      expiresOn: '2036-12-31',
      traceCodes: [traceCode],
    };
    const refused = await scene.pharmacy(p9).receive([note], 'ALL_OR_NOTHING');
    assert.deepEqual(codesOf(refused), ['TRACE_CODE_DUPLICATE']);
    const shown = await scene.pharmacy(p1).code(traceCode);
    assert.ok(shown.ok);
    assert.deepEqual([shown.body.state, shown.body.holderId], ['QUARANTINED', p1.record.institutionId]);
    const nation = scene.regulators.find(({ division }) => division === '100000');
    const conflicts = await nation?.conflicts();
    assert.ok(conflicts?.ok);
    const receipts = conflicts.body.conflicts.filter(({ kind }) => kind === 'DUPLICATE_RECEIPT');
    assert.deepEqual(
      receipts.map((each) => [each.traceCode, each.known.holderId, each.claimed.holderId]),
      [[traceCode, p1.record.institutionId, p9.record.institutionId]],
    );
  });

  test('AS-07 9 a pack of a recalled batch is refused TRACE_CODE_RECALLED', async () => {
    const note = sandbox.world.notes.find(({ traceCodes }) => traceCodes.includes(code('D1', 3)));
    assert.ok(note);
    const { drugCode, batchNo } = note;
    const till = await atTheTill(visit('P1', 3));
    const recall = await scene.agency('420000').recall({ drugCode, batchNo, reason: '抽检不合格' });
    assert.ok(recall.ok);
    assert.ok(recall.body.holders.some(({ traceCodes }) => traceCodes.includes(code('D1', 3))));
    assert.deepEqual(codesOf(await till.scan([code('D1', 3)])), ['TRACE_CODE_RECALLED']);
  });
});
