import { randomUUID } from 'node:crypto';
import { type Answer, fill, fixtureOf, prescribe, type Scene, type Visit } from '@erx/sandbox';
import { fixtureVisit, packageOf } from '../fixture-visit.ts';
import type { Knocker } from '../knock.ts';
import type { SandboxInProcess } from '../sandbox-in-process.ts';

/** What belongs to some, and is tried by others: each kind of thing that has an id. */
export type Belongings = Awaited<ReturnType<typeof makeBelongings>>;

/** A kind of event that does not happen here: a subscription to it sends nothing. */
const NEVER = 'erx.verification.v1.PersonErased';

function good<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`refused: ${answer.errors.map(({ code }) => code).join()}`);
  return answer.body;
}

/** Hospital H1 prescribes for PT1, who goes to pharmacy P1, once with an agent; authorities of Hubei look on. */
export async function makeBelongings({ world }: SandboxInProcess, scene: Scene, knocker: Knocker) {
  const visitOf = (serial: number): Visit =>
    fixtureVisit(world, { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P1', serials: [serial] });
  const circulating = await prescribe.prescribe(scene, visitOf(1));

  const pending = visitOf(2);
  const prescribed = prescribe.prescribedIn(scene, pending);
  const prechecked = good(await prescribe.precheck(scene, pending, prescribed));
  const document = prescribe.doctorSigns(pending, prescribed, prechecked);
  const evidence = prescribe.evidenceFor(scene, pending, prechecked, document);

  const atTill = visitOf(3);
  const locked = await prescribe.prescribe(scene, atTill);
  const grant = await fill.takeIn(scene, atTill, locked);
  const { quoteToken } = await fill.quote(scene, atTill, locked, atTill.counter, grant, fill.basketOf(atTill));

  const bought = visitOf(4);
  const soldTo = await prescribe.prescribe(scene, bought);
  const { grantId: errand } = good(await present(scene, bought));
  await fill.takeFor(scene, soldTo, bought.counter, errand);
  const quoted = await fill.quote(scene, bought, soldTo, bought.counter, errand, fill.basketOf(bought));
  const requestKey = randomUUID();
  const lines = fill.scanOf(fill.basketOf(bought));
  const order = { grantId: errand, quoteToken: quoted.quoteToken, lines };
  const sale = good(await fill.trySale(scene, soldTo, bought.counter, order, requestKey));

  const appGrant = good(
    await scene.patientApp.checkIdentity(
      scene.identityAuthority.credential(prescribe.patientOf(atTill), scene.patientApp.clientId, scene.now()),
    ),
  ).grantId;

  const { institutionId } = atTill.counter.pharmacy.record;
  const { drugCode } = fixtureOf(world.drugs, 'D1').record;
  const recalled = {
    drugCode,
    batchNo: 'TENANTS',
    expiresOn: '2036-12-31',
    traceCodes: [packageOf(world, 'D1', 'P1', 8_001)],
  };
  good(await scene.pharmacy(atTill.counter.pharmacy).receive([{ noteId: 'TENANTS', ...recalled }], 'ALL_OR_NOTHING'));
  const { recallId } = good(await scene.agency('420000').recall({ drugCode, batchNo: 'TENANTS', reason: '质量问题' }));

  const subscribe = async (client: string): Promise<string> => {
    const wanted = { url: 'https://receiver.example/hook', types: [NEVER] };
    const { status, body } = await knocker.send(client, 'POST', '/v1/audit/subscriptions', wanted);
    if (status !== 201) throw new Error(`no subscription: ${status} ${JSON.stringify(body)}`);
    return String(body['subscriptionId']);
  };
  return {
    hospital: atTill.hospital,
    doctor: atTill.doctor,
    pharmacy: atTill.counter.pharmacy,
    pharmacist: atTill.counter.pharmacist,
    category: atTill.category,
    line: atTill.lines[0],
    circulating,
    pending: { visit: pending, prechecked, prescribed, prescriptionId: prechecked.prescriptionId, document, evidence },
    locked,
    soldTo,
    sale,
    grant,
    appGrant,
    quoteToken,
    requestKey,
    /** On the shelf. */
    pack: packageOf(world, 'D1', 'P1', 5),
    soldPack: packageOf(world, 'D1', 'P1', 4),
    review: fill.pharmacistSigns(scene, locked, atTill.counter),
    /** Made out for this pharmacy. */
    credential: scene.identityAuthority.credential(prescribe.patientOf(atTill), institutionId, scene.now()),
    recallId,
    subscriptions: {
      REGULATOR: await subscribe('regulator-420000'),
      AGENCY: await subscribe('agency-420000'),
    },
  };
}

/** Somebody else brings the patient's card and the own one (代办). */
function present(scene: Scene, visit: Visit) {
  const at = visit.counter.pharmacy.record.institutionId;
  const agent = scene.world.persons.find(
    (person) => person !== visit.person && person.province === visit.person.province,
  );
  if (agent === undefined) throw new RangeError('nobody can go');
  const { certType, certNo, name, phone } = agent.record;
  const authority = scene.identityAuthority;
  const own = authority.credential({ certType, certNo, name }, at, scene.now());
  const seen = { faceMatch: false, presenter: 'AGENT' } as const;
  const ofPatient = authority.credential(prescribe.patientOf(visit), at, scene.now(), seen);
  return scene.pharmacy(visit.counter.pharmacy).checkIdentity(ofPatient, { relation: 'CHILD', credential: own, phone });
}
