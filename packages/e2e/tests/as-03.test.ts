import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, fill, fixtureOf, prescribe, type Scene } from '@erx/sandbox';
import { codesOf } from '../src/codes.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type OpenedDatabases, openDatabases } from '../src/open-databases.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

type Sale = Awaited<ReturnType<typeof fill.buyOnly>>;

describe('AS-03 Hubei: wrong person and purchasing agent', () => {
  const stack = new AsyncDisposableStack();
  let sandbox: SandboxInProcess;
  let databases: OpenedDatabases;
  let scene: Scene;
  let visit: ReturnType<typeof fixtureVisit>;
  let issued: Awaited<ReturnType<typeof prescribe.prescribe>>;
  let sale: Sale;
  let grantId: string;

  before(async () => {
    sandbox = stack.use(await startSandboxInProcess('2025-06-06T09:00:00+08:00'));
    databases = stack.use(openDatabases(sandbox.hub));
    scene = await sandbox.scene();
    visit = fixtureVisit(sandbox.world, { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P1', serials: [1] });
    issued = await prescribe.prescribe(scene, visit);
    await fill.takeIn(scene, visit, issued);
  });
  after(() => stack.disposeAsync());

  const pharmacy = () => scene.pharmacy(visit.counter.pharmacy);
  const personCalled = (fixture: string) => {
    const { certType, certNo, name, phone } = fixtureOf(sandbox.world.persons, fixture).record;
    return { certType, certNo, name, phone };
  };
  type Seen = Parameters<Scene['identityAuthority']['credential']>[3];
  const cardOf = (fixture: string, seen?: Seen): string =>
    scene.identityAuthority.credential(
      personCalled(fixture),
      visit.counter.pharmacy.record.institutionId,
      scene.now(),
      seen,
    );
  /** AG1 holds out PT1's card, whose owner is not there. */
  const withAgent = (contact: { credential?: string; phone?: string }) =>
    pharmacy().checkIdentity(cardOf('PT1', { faceMatch: false, presenter: 'AGENT' }), {
      relation: 'CHILD',
      ...contact,
    });

  /** What may not come of it, and the identity events that have to. */
  const marks = async () => {
    const { verification, settlement, traceability, dispensing } = databases.sqls;
    const [events] = await verification<{ checked: number; refused: number }[]>`
      select (count(*) filter (where type = 'erx.verification.v1.IdentityChecked'))::int as checked,
             (count(*) filter (where type = 'erx.verification.v1.IdentityRefused'))::int as refused from outbox`;
    const [money] = await settlement<{ n: number }[]>`select count(*)::int as n from settlement`;
    const [packs] = await traceability<{ n: number }[]>`select count(*)::int as n from reservation`;
    const [sales] = await dispensing<{ n: number }[]>`select count(*)::int as n from sale`;
    assert.ok(events && money && packs && sales);
    return { ...events, settlements: money.n, reservations: packs.n, sales: sales.n };
  };
  const nothing = { settlements: 0, reservations: 0, sales: 0 };

  async function codesAndMarks(act: () => Promise<Answer<unknown>>) {
    const before = await marks();
    const codes = codesOf(await act());
    const { checked, refused, ...rest } = await marks();
    return { codes, checked: checked - before.checked, refused: refused - before.refused, ...rest };
  }

  test('AS-03 1 PT2 with the own card is refused PRESCRIPTION_PATIENT_MISMATCH: one identity event, nothing reserved', async () => {
    const outcome = await codesAndMarks(async () => {
      const stranger = await pharmacy().checkIdentity(cardOf('PT2'));
      assert.ok(stranger.ok);
      return fill.askQuote(scene, visit, issued, visit.counter, stranger.body.grantId, fill.basketOf(visit));
    });
    assert.deepEqual(outcome, { codes: ['PRESCRIPTION_PATIENT_MISMATCH'], checked: 1, refused: 0, ...nothing });
  });

  test('AS-03 1 PT1’s card with another face is refused IDENTITY_MISMATCH: one identity event, nothing reserved', async () => {
    const outcome = await codesAndMarks(() => pharmacy().checkIdentity(cardOf('PT1', { faceMatch: false })));
    assert.deepEqual(outcome, { codes: ['IDENTITY_MISMATCH'], checked: 0, refused: 1, ...nothing });
  });

  test('AS-03 1 without a credential it is CREDENTIAL_INVALID: one identity event, nothing reserved', async () => {
    const outcome = await codesAndMarks(() => pharmacy().checkIdentity(''));
    assert.deepEqual(outcome, { codes: ['CREDENTIAL_INVALID'], checked: 0, refused: 1, ...nothing });
  });

  test('AS-03 2 AG1 with the own card only is refused AGENT_IDENTITY_UNVERIFIED', async () => {
    const { phone } = personCalled('AG1');
    const outcome = await codesAndMarks(() =>
      pharmacy().checkIdentity('', { relation: 'CHILD', credential: cardOf('AG1'), phone }),
    );
    assert.deepEqual(outcome, { codes: ['AGENT_IDENTITY_UNVERIFIED'], checked: 0, refused: 1, ...nothing });
  });

  test('AS-03 2 with both cards and no phone AG1 is refused AGENT_CONTACT_MISSING', async () => {
    const outcome = await codesAndMarks(() => withAgent({ credential: cardOf('AG1') }));
    assert.deepEqual(outcome, { codes: ['AGENT_CONTACT_MISSING'], checked: 0, refused: 1, ...nothing });
  });

  test('AS-03 3 with both cards and a phone the sale settles: 4,017.60 by the fund, 1,562.40 by the patient', async () => {
    const { phone } = personCalled('AG1');
    const grant = await withAgent({ credential: cardOf('AG1'), phone });
    assert.ok(grant.ok);
    grantId = grant.body.grantId;
    sale = await fill.buyOnly(scene, visit, issued, visit.counter, grantId);
    const { totalFen, basicFen, patientFen } = sale.amounts;
    assert.deepEqual({ totalFen, basicFen, patientFen }, { totalFen: 558_000, basicFen: 401_760, patientFen: 156_240 });
    assert.equal((await marks()).settlements, 1);
  });

  test('AS-03 3 without AG1’s signature no hand-over, after it HANDED_OVER', async () => {
    const unsigned = { grantId, signatureImage: '', listSm3: sale.listSm3 };
    assert.deepEqual(codesOf(await pharmacy().handOver(sale.saleId, unsigned)), ['AGENT_SIGNATURE_MISSING']);
    const kept = await pharmacy().sale(sale.saleId);
    assert.ok(kept.ok);
    assert.equal(kept.body.state, 'COMPLETED');
    const signed = await fill.tryHandOver(scene, visit, visit.counter, grantId, sale);
    assert.ok(signed.ok);
    assert.equal(signed.body.state, 'HANDED_OVER');
  });

  test('AS-03 3 the register holds both identities, the phone and the signed list', async () => {
    const register = await pharmacy().agentPurchases();
    assert.ok(register.ok);
    const [entry, ...more] = register.body.purchases;
    assert.ok(entry !== undefined && more.length === 0);
    const { certNo: patient } = personCalled('PT1');
    const { certNo: agent, phone } = personCalled('AG1');
    assert.deepEqual(
      [entry.patient.certNo, entry.agent.certNo, entry.agent.phone, entry.relation],
      [patient, agent, phone, 'CHILD'],
    );
    assert.deepEqual([entry.saleId, entry.listSm3], [sale.saleId, sale.listSm3]);
    assert.ok(entry.handedOverAt !== undefined);
    const [signature] = await databases.sqls.dispensing<{ bytes: number; listSm3: string }[]>`
      select octet_length(signature_sealed) as bytes, list_sm3 as "listSm3" from hand_over
      where sale_id = ${sale.saleId}`;
    assert.ok(signature !== undefined && signature.bytes > 0);
    assert.equal(signature.listSm3, sale.listSm3);
  });
});
