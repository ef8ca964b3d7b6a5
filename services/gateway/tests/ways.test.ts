import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { refuse } from '@erx/errors';
import { ReverseSaleResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import { GetPrescriptionResponse } from '@erx/proto/issuing/v1/issuing_service';
import {
  MoveStockResponse,
  OpenPackResponse,
  RecallBatchResponse,
} from '@erx/proto/traceability/v1/traceability_service';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const AT = new Date('2026-01-31T00:30:00Z');
const TOLD = '2026-01-31T08:30:00+08:00';
const CODE = '81000010000000000001';

/** What the door makes of the ways off the plain one: withdrawal, new signature, reversal, agents, stock, recall. */
describe('ways off the plain one', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
  });
  after(() => hub[Symbol.asyncDispose]());
  beforeEach(() => {
    for (const name of Object.keys(hub.fakes)) delete hub.fakes[name];
    hub.asked.length = 0;
  });
  const asked = (method: string) => hub.asked.findLast((each) => each.method === method)?.request;
  const post = (as: string, path: string, body: unknown) => hub.send('POST', path, { as, body });

  test('SM-4 a withdrawal goes to issuing with its reason, and says when it has to wait for a sale', async () => {
    const withdraw = (reason: string) => post('hospital-1', `/v1/prescriptions/${UUID}/withdraw`, { reason });
    for (const status of ['WITHDRAWN', 'WAITING']) {
      hub.fakes['withdraw'] = () => ({ prescriptionId: UUID, status });
      const answer = await withdraw('药师拒绝');
      assert.deepEqual([answer.status, answer.body], [200, { prescriptionId: UUID, status }]);
    }
    assert.deepEqual(asked('withdraw'), { prescriptionId: UUID, reason: '药师拒绝' });
    assert.equal((await withdraw('')).body['code'], 'REQUEST_INVALID');
  });

  test('an endorsement is passed on byte for byte', async () => {
    hub.fakes['endorse'] = () => ({ prescriptionId: UUID, status: 'CIRCULATING' });
    const document = Buffer.from('{"schema":"erx.endorsement.v1"}');
    const body = { doctorId: 'D2', document: document.toString('base64'), signature: 's' };
    const answer = await post('hospital-1', `/v1/prescriptions/${UUID}/endorse`, body);
    assert.deepEqual([answer.status, answer.body['status']], [200, 'CIRCULATING']);
    assert.deepEqual(Buffer.from(asked('endorse')?.['document'] as Uint8Array), document);
  });

  test('a new prescription names the one that it replaces', async () => {
    hub.fakes['identify'] = () => ({ person: { personId: UUID } });
    const body = {
      patient: { certType: '01', certNo: '1', name: '某甲' },
      doctorId: 'D1',
      category: '11',
      prescribedAt: TOLD,
      diagnoses: [],
      lines: [{ drugCode: 'X', quantity: '1', days: 30, usage: '口服' }],
      outflowReason: 'NOT_STOCKED',
    };
    await post('hospital-1', '/v1/prescriptions/pre-check', { ...body, replaces: UUID });
    assert.equal(asked('precheck')?.['replaces'], UUID);
    await post('hospital-1', '/v1/prescriptions/pre-check', body);
    assert.equal(asked('precheck')?.['replaces'], '');
  });

  test('the hospital sees who filled what, and how prescriptions are linked', async () => {
    const fill = {
      saleId: UUID,
      pharmacyId: 'P1',
      lineNo: 1,
      drugCode: 'X',
      quantity: 15_000n,
      soldAt: AT,
      state: 'SOLD',
    };
    hub.fakes['getPrescription'] = () =>
      GetPrescriptionResponse.create({ prescriptionId: UUID, replaces: 'old', replacedBy: 'new', fills: [fill] });
    const read = () => hub.send('GET', `/v1/prescriptions/${UUID}`, { as: 'hospital-1' });
    const { body } = await read();
    const { quantity: _, ...same } = fill;
    assert.deepEqual(body['fills'], [{ ...same, packs: '1.5', soldAt: TOLD }]);
    assert.deepEqual([body['replaces'], body['replacedBy']], ['old', 'new']);
    hub.fakes['getPrescription'] = () => GetPrescriptionResponse.create({ prescriptionId: UUID });
    const plain = (await read()).body;
    assert.deepEqual([plain['fills'], 'replaces' in plain, 'replacedBy' in plain], [[], false, false]);
  });

  test('the patient’s app sees who filled what', async () => {
    const fill = {
      saleId: UUID,
      pharmacyName: '某药房',
      lineNo: 1,
      quantity: 10_000n,
      soldAt: AT,
      state: 'HANDED_OVER',
    };
    hub.fakes['find'] = () => ({ prescriptions: [{ prescriptionId: UUID, fills: [fill] }] });
    const { body } = await post('patient-1', '/v1/prescriptions/search', { grantId: 'g' });
    const [found] = body['prescriptions'] as { fills: object[] }[];
    const { quantity: _, ...same } = fill;
    assert.deepEqual(found?.fills, [{ ...same, packs: '1', soldAt: TOLD }]);
  });

  test('HB-24c what an agent lacks reaches verification, which has a code for each', async () => {
    hub.fakes['checkIdentity'] = () => refuse('AGENT_CONTACT_MISSING');
    const body = { credential: 'c', purpose: 'DISPENSE', agent: { relation: 'SPOUSE' } };
    assert.equal((await post('pharmacy-1', '/v1/identity-checks', body)).body['code'], 'AGENT_CONTACT_MISSING');
    assert.deepEqual(asked('checkIdentity')?.['agent'], { credential: '', phone: '', relation: 'SPOUSE' });
    await post('pharmacy-1', '/v1/identity-checks', { credential: 'c', purpose: 'DISPENSE' });
    assert.equal(asked('checkIdentity')?.['agent'], undefined);
  });

  test('HB-24c the register of agents is opened by verification for this right, each pair in its place', async () => {
    const sealed = (personId: string) => ({ personId, nameSealed: new Uint8Array([1]) });
    const clear = (name: string) => ({ certType: '01', certNo: '1', name, phone: '2' });
    const purchase = { saleId: UUID, prescriptionId: UUID, relation: 'CHILD', soldAt: AT, listSm3: 'ab' };
    hub.fakes['listAgentPurchases'] = () => ({
      purchases: [1, 2].map((n) => ({ ...purchase, patient: sealed(`p${n}`), agent: sealed(`a${n}`) })),
    });
    hub.fakes['openPersons'] = (({ persons }: { persons: { personId: string }[] }) => ({
      persons: persons.map(({ personId }) => clear(personId)),
    })) as never;
    const answer = await hub.send('GET', `/v1/agent-purchases?after=${UUID}&limit=2`, { as: 'pharmacy-1' });
    assert.deepEqual(
      answer.body['purchases'],
      [1, 2].map((n) => ({ ...purchase, soldAt: TOLD, patient: clear(`p${n}`), agent: clear(`a${n}`) })),
    );
    assert.deepEqual(asked('listAgentPurchases'), { afterSaleId: UUID, limit: 2 });
    assert.equal(asked('openPersons')?.['operation'], 'agent-register.read');
  });

  test('a reversal that runs on is 202, a finished one says when, and a refusal keeps its figures', async () => {
    const reverse = () =>
      post('pharmacy-1', `/v1/sales/${UUID}/reverse`, { reason: '参保人退药', leftCounter: [CODE] });
    hub.fakes['reverseSale'] = () => ReverseSaleResponse.create({ saleId: UUID, state: 'REVERSING' });
    const running = await reverse();
    assert.deepEqual([running.status, running.body], [202, { state: 'RUNNING' }]);
    assert.deepEqual(asked('reverseSale'), { saleId: UUID, reason: '参保人退药', leftCounter: [CODE] });
    hub.fakes['reverseSale'] = () => ({ saleId: UUID, state: 'REVERSED', reversedAt: AT });
    assert.deepEqual((await reverse()).body, { saleId: UUID, state: 'REVERSED', reversedAt: TOLD });
    hub.fakes['reverseSale'] = () => refuse('SETTLE_REVERSE_TOO_LATE', { soldAt: TOLD });
    const [error] = (await reverse()).body['errors'] as { detail: object }[];
    assert.deepEqual(error?.detail, { soldAt: TOLD });
  });

  test('a pharmacy receives into its own stock only, and hears of every bad code with its reason', async () => {
    const refusals = [{ code: 'TRACE_CODE_DUPLICATE', field: '', detail: { holderId: 'P2' } }];
    hub.fakes['receiveStock'] = () => ({ booked: 1, refused: [{ traceCode: CODE, refusals }] });
    const note = { noteId: 'n1', drugCode: 'X', batchNo: 'B', expiresOn: '2027-12-31', traceCodes: [CODE, 'big'] };
    const { body } = await post('pharmacy-1', '/v1/stock/receipts', {
      notes: [{ ...note, parents: { [CODE]: 'big' } }],
      mode: 'EACH',
    });
    assert.deepEqual(asked('receiveStock'), {
      notes: [{ ...note, holderId: 'P42010200001', parents: { [CODE]: 'big' } }],
      mode: 'EACH',
    });
    assert.equal(body['booked'], 1);
    const [bad] = body['refused'] as {
      traceCode: string;
      errors: { code: string; titleZh: string; detail: object }[];
    }[];
    assert.deepEqual([bad?.traceCode, bad?.errors[0]?.code], [CODE, 'TRACE_CODE_DUPLICATE']);
    assert.deepEqual(bad?.errors[0]?.detail, { holderId: 'P2' });
    assert.ok(bad?.errors[0]?.titleZh);
    const foreign = await post('pharmacy-1', '/v1/stock/receipts', {
      notes: [{ ...note, holderId: 'P2' }],
      mode: 'EACH',
    });
    assert.equal(foreign.body['code'], 'REQUEST_INVALID');
  });

  test('two thousand codes in one call pass, one more does not', async () => {
    hub.fakes['moveStock'] = () => MoveStockResponse.create({ booked: 2_000 });
    const move = (count: number) =>
      post('pharmacy-1', '/v1/stock/movements', {
        noteId: 'm1',
        kind: 'DAMAGE',
        traceCodes: Array.from({ length: count }, (_, serial) => `8100001${String(serial).padStart(13, '0')}`),
        reason: '破损',
        mode: 'ALL_OR_NOTHING',
      });
    assert.deepEqual((await move(2_000)).body, { booked: 2_000, refused: [] });
    assert.equal((asked('moveStock')?.['traceCodes'] as string[] | undefined)?.length, 2_000);
    assert.deepEqual((await move(2_001)).body['code'], 'REQUEST_INVALID');
  });

  test('stock is shown by product, batch and state; an opened pack names its parts', async () => {
    hub.fakes['listStock'] = () => ({ entries: [{ drugCode: 'X', batchNo: 'B', state: 'RECEIVED', codes: 7n }] });
    const stock = await hub.send('GET', '/v1/stock?drugCode=X', { as: 'pharmacy-1' });
    assert.deepEqual(stock.body, { entries: [{ drugCode: 'X', batchNo: 'B', state: 'RECEIVED', codes: 7 }] });
    hub.fakes['openPack'] = () => OpenPackResponse.create({ traceCode: 'big', parts: [CODE] });
    const opened = await hub.send('POST', '/v1/packs/big/open', { as: 'pharmacy-1' });
    assert.deepEqual([opened.status, opened.body], [200, { traceCode: 'big', parts: [CODE] }]);
  });

  test('the outcome of an opened pack and of a movement are told apart', async () => {
    const stored = (operation: string, answer: Uint8Array) => () => ({ state: 'DONE', operation, answer });
    const outcome = async () => (await hub.send('GET', '/v1/requests/some-key-1', { as: 'pharmacy-1' })).body['answer'];
    hub.fakes['getRequest'] = stored(
      'pack.open',
      OpenPackResponse.encode({ traceCode: 'big', parts: [CODE] }).finish(),
    );
    assert.deepEqual(await outcome(), { traceCode: 'big', parts: [CODE] });
    hub.fakes['getRequest'] = stored('stock.move', MoveStockResponse.encode({ booked: 3, refused: [] }).finish());
    assert.deepEqual(await outcome(), { booked: 3, refused: [] });
  });

  test('HB-12b a recall answers who holds the batch, and can be read again', async () => {
    const recall = RecallBatchResponse.create({
      recallId: UUID,
      drugCode: 'X',
      batchNo: 'B',
      reason: '质量',
      recalledAt: AT,
      holders: [{ holderId: 'P1', state: 'SOLD', traceCodes: [CODE] }],
    });
    hub.fakes['recallBatch'] = () => recall;
    hub.fakes['getRecall'] = () => recall;
    const ordered = await post('agency-1', '/v1/recalls', { drugCode: 'X', batchNo: 'B', reason: '质量' });
    assert.deepEqual([ordered.status, ordered.body], [201, { ...recall, recalledAt: TOLD }]);
    assert.deepEqual((await hub.send('GET', `/v1/recalls/${UUID}`, { as: 'regulator-1' })).body, ordered.body);
  });

  test('CX-29b a regulator reads conflicts with both sides', async () => {
    const known = { holderId: 'P1', state: 'SOLD', saleId: UUID, noteId: '' };
    const claimed = { holderId: 'P2', state: 'RECEIVED', saleId: '', noteId: 'n1' };
    const conflict = { conflictId: UUID, traceCode: CODE, kind: 'DUPLICATE_RECEIPT', at: AT };
    hub.fakes['listConflicts'] = () => ({ conflicts: [{ ...conflict, known, claimed }] });
    const { body } = await hub.send('GET', '/v1/trace-conflicts', { as: 'regulator-1' });
    assert.deepEqual(asked('listConflicts'), { afterConflictId: '', limit: 100 });
    assert.deepEqual(body['conflicts'], [
      {
        ...conflict,
        at: TOLD,
        known: { holderId: 'P1', state: 'SOLD', saleId: UUID },
        claimed: { holderId: 'P2', state: 'RECEIVED', noteId: 'n1' },
      },
    ]);
  });
});
