import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mayPerform, type Operation, operations } from '@erx/auth';
import { RequestRefused } from '@erx/proto/access/v1/access_events';
import { bodySchema, pathOf, type Route, readDocument, routesOf, seeded, valueFor } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

/** Which right each route asks for. */
const rightOf: Record<string, Operation> = {
  precheckPrescription: 'prescription.precheck',
  uploadPrescription: 'prescription.upload',
  readPrescription: 'prescription.read',
  withdrawPrescription: 'prescription.withdraw',
  endorsePrescription: 'prescription.endorse',
  checkIdentity: 'identity.check',
  searchPrescriptions: 'prescription.find',
  listPharmacies: 'pharmacy.list',
  lockPrescription: 'prescription.lock',
  releasePrescription: 'prescription.release',
  viewHistory: 'history.view',
  reviewPrescription: 'prescription.review',
  quoteSale: 'sale.quote',
  sell: 'sale.sell',
  readSale: 'sale.read',
  handOver: 'sale.hand-over',
  reverseSale: 'sale.reverse',
  listAgentPurchases: 'agent-register.read',
  receiveStock: 'stock.receive',
  moveStock: 'stock.move',
  readStock: 'stock.read',
  openPack: 'stock.move',
  recallBatch: 'batch.recall',
  readRecall: 'recall.read',
  listTraceConflicts: 'conflict.read',
  readTraceCode: 'code.read',
  readAuditEntries: 'audit.read',
  followAuditEntries: 'audit.read',
  createSubscription: 'subscription.write',
  listSubscriptions: 'subscription.read',
  readSubscriptionKeys: 'subscription.read',
  listUndelivered: 'subscription.read',
  resendUndelivered: 'subscription.write',
  pauseSubscription: 'subscription.write',
  resumeSubscription: 'subscription.write',
  deleteSubscription: 'subscription.write',
  readHistory: 'chain.read',
  readReceipt: 'chain.read',
  readRequest: 'request.read',
  readQuota: 'quota.read',
  importReference: 'reference.import',
  importPersons: 'persons.import',
  erasePerson: 'person.erase',
  importStock: 'stock.import',
  importClients: 'client.import',
  switchClient: 'client.switch',
  readClock: 'clock.read',
  setClock: 'clock.set',
};

const clients = {
  HOSPITAL: 'hospital-1',
  PHARMACY: 'pharmacy-1',
  PATIENT: 'patient-1',
  REGULATOR: 'regulator-1',
  AGENCY: 'agency-1',
  AUTHORITY: 'authority',
};

describe('who may do what', () => {
  let hub: TestGateway;
  let guarded: Route[];
  before(async () => {
    hub = await startTestGateway();
    hub.fakes['followEntries'] = () => [];
    await hub.registerEveryRole();
    guarded = routesOf(await readDocument(hub.url)).filter(({ operation }) => operation.security?.length !== 0);
  });
  after(() => hub[Symbol.asyncDispose]());

  const request = (route: Route) => {
    const schema = bodySchema(route);
    return schema === undefined ? {} : { body: valueFor(schema, seeded(route.path)) };
  };

  test('every guarded route has its right, and every right but internal has its route', () => {
    assert.deepEqual(guarded.map(({ operation }) => operation.operationId).sort(), Object.keys(rightOf).sort());
    const offered = new Set(Object.values(rightOf));
    assert.deepEqual(
      operations.filter((operation) => !offered.has(operation)),
      ['internal'],
    );
  });

  test('without a token every guarded route is refused TOKEN_INVALID', async () => {
    for (const route of guarded) {
      const { status, body, headers } = await hub.send(route.method, pathOf(route), request(route));
      assert.deepEqual([status, body['code']], [401, 'TOKEN_INVALID'], route.path);
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
    }
  });

  for (const [role, clientId] of Object.entries(clients)) {
    test(`CX-7c ${role} gets through where the rights table says so, and is refused ACCESS_SCOPE_DENIED elsewhere`, async () => {
      for (const route of guarded) {
        const right = rightOf[route.operation.operationId ?? ''] as Operation;
        hub.asked.length = 0;
        const { status, body } = await send(route, clientId);
        if (mayPerform(role, right)) assert.ok(![401, 403].includes(status), `${route.path}: ${status}`);
        else {
          assert.deepEqual([status, body['code']], [403, 'ACCESS_SCOPE_DENIED'], route.path);
          assert.deepEqual(hub.asked, [], `${route.path} asked a service`);
        }
      }
    });
  }

  async function send(route: Route, as: string) {
    if (route.path !== '/v1/audit/stream') return hub.send(route.method, pathOf(route), { as, ...request(route) });
    const response = await fetch(hub.url + route.path, { headers: { authorization: `Bearer ${await hub.token(as)}` } });
    const text = await response.text();
    return { status: response.status, body: response.ok ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  test('GJ-6a a role that is refused leaves a record of who tried what, and no more', async () => {
    await hub.database.sql`truncate outbox`;
    const { body } = await hub.send('POST', '/v1/import/persons', {
      as: 'pharmacy-1',
      headers: { 'erx-operator': 'till-1' },
      body: { persons: [{ certNo: '990101199001011234' }] },
    });
    const rows = await hub.database.sql<
      { headers: string; payload: Uint8Array }[]
    >`select headers, payload from outbox`;
    assert.equal(rows.length, 1);
    const [row] = rows;
    const event = RequestRefused.decode(row?.payload ?? new Uint8Array());
    assert.deepEqual(event.context?.actor, {
      clientId: 'pharmacy-1',
      role: 'PHARMACY',
      institutionId: 'P42010200001',
      operator: 'till-1',
      division: '',
    });
    assert.equal(event.operation, 'persons.import');
    assert.deepEqual(event.refusals, [
      { code: 'ACCESS_SCOPE_DENIED', field: '', detail: { operation: 'persons.import', role: 'PHARMACY' } },
    ]);
    assert.equal(JSON.parse(row?.headers ?? '{}').ce_territory, '420102');
    assert.ok(!Buffer.from(row?.payload ?? '').includes('990101'));
    assert.equal((body['errors'] as { requirement: string }[])[0]?.requirement, 'CX-7c');
  });
});
