import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { operations, relationOf, roles } from '@erx/auth';
import { differing, openState } from '@erx/hub/fuzz';
import { fill, fixtureOf, type Scene } from '@erx/sandbox';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type Knocker, openKnocker } from '../src/knock.ts';
import { openDatabases } from '../src/open-databases.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';
import type { Attempt, Strangers } from '../src/strangers/attempt.ts';
import { asAuthorities } from '../src/strangers/authorities.ts';
import { type Belongings, makeBelongings } from '../src/strangers/belongings.ts';
import { asHospital } from '../src/strangers/hospital.ts';
import { asPatient } from '../src/strangers/patient.ts';
import { asPharmacy } from '../src/strangers/pharmacy.ts';

/** A county where nothing of this happens. */
const ELSEWHERE = '420117';

/** Operations that act on one's own things only: no id of anybody else's can be given. */
const takesNothing = ['stock.read PHARMACY', ...roles.map((role) => `quota.read ${role}`)];

describe('whoever has the right, and not the thing', { timeout: 900_000 }, () => {
  let sandbox: SandboxInProcess;
  let knocker: Knocker;
  let scene: Scene;
  let attempts: Attempt[];
  let strangers: Strangers;
  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
    knocker = openKnocker(sandbox);
    scene = await sandbox.scene();
    await register();
    const theirs = await makeBelongings(sandbox, scene, knocker);
    strangers = {
      scene,
      world: sandbox.world,
      theirs,
      known: await whatIsKnown(theirs),
      grants: await ownGrants(),
    };
    attempts = [
      ...asHospital(strangers),
      ...asPharmacy(strangers),
      ...asPatient(strangers),
      ...asAuthorities(strangers),
    ];
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  /** Regulator and agency of another county, and another app for patients. */
  async function register(): Promise<void> {
    const clients = (['REGULATOR', 'AGENCY', 'PATIENT'] as const).map((role) => {
      const clientId = `${role.toLowerCase()}-elsewhere`;
      const { d, ...key } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
      const jwk = { ...key, kid: clientId, alg: 'ES256', use: 'sig' };
      knocker.add(clientId, role, { ...jwk, d });
      const place = role === 'PATIENT' ? {} : { division: ELSEWHERE };
      return { clientId, role, name: clientId, jwks: { keys: [jwk] }, ...place };
    });
    const { status, body } = await knocker.send('authority', 'POST', '/v1/import/clients', { clients });
    assert.equal(status, 200, JSON.stringify(body));
  }

  async function whatIsKnown({ circulating, pending, locked, soldTo }: Belongings): Promise<Strangers['known']> {
    await using databases = openDatabases(sandbox.hub);
    const { audit, dispensing } = databases.sqls;
    const ids = [circulating, pending, locked, soldTo].map(({ prescriptionId }) => prescriptionId);
    let rows: { id: string; type: string }[] = [];
    const sold = () => rows.find(({ type }) => type.endsWith('SaleCompleted'));
    while (sold() === undefined)
      rows = [...(await audit`select event_id as id, type from entry where key = any(${ids})`)] as typeof rows;
    const chain = new Set(rows.map(({ id }) => id));
    const [seen] = await audit`
      select from entry_run where division = ${ELSEWHERE} and event_ids && ${[...chain]}::uuid[]`;
    assert.equal(seen, undefined, 'nothing of it concerns the other county');
    const [person] = await dispensing<{ id: string }[]>`
      select person_id as id from prescription where prescription_id = ${locked.prescriptionId}`;
    return { chain, saleEvent: sold()?.id ?? '', personId: person?.id ?? assert.fail('the patient is known') };
  }

  async function ownGrants(): Promise<Strangers['grants']> {
    const { world } = sandbox;
    const cast = { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P9', serials: [1] };
    const { counter } = fixtureVisit(world, cast);
    const patient = (fixture: string) => {
      const { certType, certNo, name, phone } = fixtureOf(world.persons, fixture).record;
      return { certType, certNo, name, phone };
    };
    const inApp = async (client: string, fixture: string): Promise<string> => {
      const credential = scene.identityAuthority.credential(patient(fixture), client, scene.now());
      const shown = { credential, purpose: 'PATIENT_ACCESS' };
      const { status, body } = await knocker.send(client, 'POST', '/v1/identity-checks', shown);
      assert.equal(status, 201, JSON.stringify(body));
      return String(body['grantId']);
    };
    return {
      pharmacy: await fill.arrive(scene, patient('PT1'), counter),
      otherPatient: await fill.arrive(scene, patient('PT2'), counter),
      app: await inApp('patient-elsewhere', 'PT1'),
      otherApp: await inApp('patient-app', 'PT2'),
    };
  }

  const nameOf = ({ who, operation, what }: Attempt): string => `${who.client} ${operation}: ${what}`;
  const send = ({ who }: Attempt, [method, path, body]: Attempt['request']) =>
    knocker.send(who.client, method, path, body, who.operator);

  test('CX-7c every cell of the table that asks for a relation is tried by somebody who does not have it', () => {
    const tried = new Set(attempts.map(({ operation, who }) => `${operation} ${who.role}`));
    const cells = operations.flatMap((operation) =>
      roles
        .filter((role) => ![undefined, 'ANY'].includes(relationOf(role, operation)))
        .map((role) => `${operation} ${role}`),
    );
    assert.deepEqual(cells.filter((cell) => !tried.has(cell)).sort(), takesNothing.toSorted());
  });

  test('CX-7c whom the things belong to sees them by the same ids', async () => {
    const { theirs, known } = strangers;
    const { hospital, doctor, pharmacy, locked, sale, pack, recallId, requestKey } = theirs;
    const [inHospital, inPharmacy] = [hospital, pharmacy].map(({ record }) => record.institutionId);
    const seen = async (client: string, path: string, operator?: string) => {
      const { status, body } = await knocker.send(client, 'GET', path, undefined, operator);
      assert.equal(status, 200, `${client} ${path}`);
      return body;
    };
    const { practitionerId } = doctor.record;
    await seen(`hospital-${inHospital}`, `/v1/prescriptions/${locked.prescriptionId}`, practitionerId);
    await seen(`pharmacy-${inPharmacy}`, `/v1/sales/${sale.saleId}`);
    const custody = await seen(`pharmacy-${inPharmacy}`, `/v1/trace-codes/${pack}`);
    assert.equal(custody['holderId'], inPharmacy);
    assert.equal((await seen(`pharmacy-${inPharmacy}`, `/v1/requests/${requestKey}`))['state'], 'DONE');
    const register = (await seen(`pharmacy-${inPharmacy}`, '/v1/agent-purchases'))['purchases'] as unknown[];
    assert.equal(register.length, 1);
    await seen('regulator-420000', `/v1/audit/receipts/${known.saleEvent}`);
    const chain = (await seen('regulator-420000', `/v1/history?prescription=${locked.prescriptionId}`))['steps'];
    assert.ok((chain as { eventId: string }[]).some(({ eventId }) => known.chain.has(eventId)));
    assert.equal(((await seen('agency-420000', `/v1/recalls/${recallId}`))['holders'] as unknown[]).length, 1);
    for (const [role, id] of Object.entries(theirs.subscriptions))
      await seen(`${role.toLowerCase()}-420000`, `/v1/audit/subscriptions/${id}/keys`);
  });

  test('CX-7b CX-7c GJ-6a hospital, pharmacy, app, regulator, agency: of another’s things nothing is shown and nothing changed', async () => {
    await using state = openState(sandbox.hub.databases);
    const before = await state.settled();
    const wrong: string[] = [];
    for (const each of attempts) {
      const answer = await send(each, each.request);
      try {
        if (typeof each.expected === 'function') each.expected(answer);
        else assert.deepEqual([answer.codes.join(), answer.status >= 400], [each.expected, true]);
        assert.deepEqual(differing(before, await state.settled(before)), []);
      } catch (error) {
        wrong.push(`${nameOf(each)}: ${answer.status} ${answer.codes.join()} ${(error as Error).message}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(differing(before, await state.settled()), [], 'nor later');
  });

  test('GJ-6a what belongs to another and what does not exist are answered alike', async () => {
    const wrong: string[] = [];
    for (const each of attempts) {
      if (each.hides === undefined) continue;
      const [method, path, body] = each.request;
      const absent = each.hides.includes('-') ? crypto.randomUUID() : '81000019999999999997';
      const without = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(each.hides ?? '', absent)) as T;
      const [theirs, nobodys] = [
        await send(each, each.request),
        await send(each, [method, without(path), body === undefined ? undefined : without(body)]),
      ];
      if (theirs.status !== nobodys.status || theirs.codes.join() !== nobodys.codes.join()) {
        wrong.push(`${nameOf(each)}: ${theirs.status} ${theirs.codes}, of nobody’s ${nobodys.status} ${nobodys.codes}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});
