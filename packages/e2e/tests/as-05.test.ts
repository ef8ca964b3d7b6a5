import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fill, fixtureOf, type PharmacyClient, prescribe, type Scene } from '@erx/sandbox';
import { codesOf } from '../src/codes.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

describe('AS-05 Hubei: non-designated pharmacy', () => {
  let sandbox: SandboxInProcess;
  let scene: Scene;
  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
    scene = await sandbox.scene();
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  const d1 = (pharmacy: string, serial: number) =>
    fixtureVisit(sandbox.world, { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy, serials: [serial] });

  test('AS-05 P2 is refused and never offered, P1 locks, P9 hears that P1 holds it', async () => {
    const visit = d1('P1', 1);
    const issued = await prescribe.prescribe(scene, visit);
    const lockAt = async (name: string) => {
      const counter = { ...visit.counter, pharmacy: fixtureOf(sandbox.world.pharmacies, name) };
      const grantId = await fill.arrive(scene, prescribe.patientOf(visit), counter);
      const client: PharmacyClient = scene.pharmacy(counter.pharmacy);
      return { grantId, answer: await client.lock(issued.prescriptionId, grantId, issued.qr) };
    };
    const grantId = await fill.arrive(scene, prescribe.patientOf(visit), visit.counter);
    await fill.find(scene, issued, visit.counter, grantId);

    const refused = await lockAt('P2');
    assert.deepEqual(codesOf(refused.answer), ['PHARMACY_NOT_DUAL_CHANNEL']);
    const offered = await pharmaciesOffered(issued.prescriptionId);
    assert.ok(offered.includes(idOf('P1')) && offered.includes(idOf('P9')));
    assert.ok(!offered.includes(idOf('P2')), 'P2 must not be offered');
    const found = await scene.pharmacy(visit.counter.pharmacy).search(grantId);
    assert.ok(found.ok);
    assert.equal(found.body.prescriptions.find(isIt(issued.prescriptionId))?.status, 'CIRCULATING');

    const locked = await lockAt('P1');
    assert.ok(locked.answer.ok);
    assert.equal(locked.answer.body.prescription.status, 'LOCKED');
    assert.deepEqual(codesOf((await lockAt('P9')).answer), ['PRESCRIPTION_LOCKED_BY_OTHER']);

    await fill.approve(scene, issued, visit.counter, locked.grantId);
    const sale = await fill.buy(scene, visit, issued, visit.counter, locked.grantId);
    const { totalFen, basicFen, patientFen } = sale.amounts;
    assert.deepEqual({ totalFen, basicFen, patientFen }, { totalFen: 558_000, basicFen: 401_760, patientFen: 156_240 });
  });

  test('HB-42a DR2 may not prescribe D1, for DR2 is no responsible doctor', async () => {
    const visit = fixtureVisit(sandbox.world, {
      person: 'PT1',
      doctor: 'DR2',
      drug: 'D1',
      pharmacy: 'P1',
      serials: [2],
    });
    assert.deepEqual(codesOf(await prescribe.precheck(scene, visit)), ['DOCTOR_NOT_FILED']);
  });

  test('HB-42b DR2 may prescribe D3, which an insured physician is enough for', async () => {
    const visit = fixtureVisit(sandbox.world, {
      person: 'PT1',
      doctor: 'DR2',
      drug: 'D3',
      pharmacy: 'P1',
      serials: [1],
    });
    assert.deepEqual(codesOf(await prescribe.precheck(scene, visit)), []);
  });

  test('GJ-6f the refused attempt of P2 stands in the audit of its city', async () => {
    const wuhan = scene.regulators.find(({ division }) => division === '420100');
    assert.ok(wuhan);
    const { end } = okay(await wuhan.page(0, 1));
    const types: string[] = [];
    for (let after = 0; after < end; ) {
      const { entries } = okay(await wuhan.page(after, 500));
      types.push(...entries.map(({ type }) => type));
      after = entries.at(-1)?.number ?? end;
    }
    assert.ok(types.includes('erx.access.v1.RequestRefused'));
    assert.ok(types.includes('erx.dispensing.v1.PrescriptionLocked'));
  });

  function idOf(name: string): string {
    return fixtureOf(sandbox.world.pharmacies, name).record.institutionId;
  }

  async function pharmaciesOffered(prescriptionId: string): Promise<string[]> {
    const app = scene.patientApp;
    const patient = prescribe.patientOf(d1('P1', 1));
    const credential = scene.identityAuthority.credential(patient, app.clientId, scene.now());
    const { grantId } = okay(await app.checkIdentity(credential));
    return okay(await app.pharmacies(prescriptionId, grantId)).pharmacies.map(({ institutionId }) => institutionId);
  }
});

const isIt = (id: string) => (each: { prescriptionId: string }) => each.prescriptionId === id;

function okay<T>(answer: { ok: true; body: T } | { ok: false; errors: { code: string }[] }): T {
  if (answer.ok) return answer.body;
  return assert.fail(answer.errors.map(({ code }) => code).join());
}
