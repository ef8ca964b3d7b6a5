import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { refuse } from '@erx/errors';
import { HandOverResponse, SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import { UploadResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Call } from '@erx/rpc';
import { UUID } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const SALES = `/v1/prescriptions/${UUID}/sales`;
const HAND_OVER = `/v1/sales/${UUID}/hand-over`;
const sale = { grantId: UUID, quoteToken: 'q', lines: [{ lineNo: 1, traceCodes: ['81000010000000000001'] }] };
const handOver = { grantId: UUID, signatureImage: 'AAAA', listSm3: 'ab' };
const sold = SellResponse.create({
  saleId: UUID,
  state: 'COMPLETED',
  settlementId: 's',
  prescriptionId: UUID,
  listSm3: 'ab',
  purchaseList: Buffer.from('{"列":1}'),
  soldAt: new Date('2026-01-31T00:30:00Z'),
  amounts: { total: 90_071_992_547_409n, basic: 1n, serious: 2n, aid: 3n, patient: 4n, lines: [] },
});

describe('writes', () => {
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
  const sell = (more: object = {}) => hub.send('POST', SALES, { as: 'pharmacy-1', body: sale, ...more });
  const callOf = (method: string): Call | undefined => hub.asked.findLast((each) => each.method === method)?.call;

  test('HB-37a a write without a well-formed Idempotency-Key is refused before anybody is asked', async () => {
    for (const key of [null, 'short', 'x'.repeat(129), 'with space', 'ümlaut-key']) {
      const headers = key === null ? {} : { 'idempotency-key': key };
      const answer = await sell({ key: null, headers });
      assert.deepEqual([answer.status, answer.body['code']], [400, 'IDEMPOTENCY_KEY_MISSING'], String(key));
    }
    assert.deepEqual(hub.asked, []);
    hub.fakes['sell'] = () => sold;
    for (const key of ['8-chars!', '~'.repeat(128)]) assert.equal((await sell({ key })).status, 201);
  });

  test('a question needs no key and passes none on', async () => {
    hub.fakes['find'] = () => ({ prescriptions: [] });
    const answer = await hub.send('POST', '/v1/prescriptions/search', {
      as: 'pharmacy-1',
      body: { grantId: 'g' },
      key: null,
    });
    assert.deepEqual([answer.status, answer.body], [200, { prescriptions: [] }]);
    assert.equal(callOf('find')?.request, undefined);
  });

  test('the hash depends on method, path and exact body, and on nothing else', async () => {
    hub.fakes['sell'] = () => sold;
    const hashOf = async (more: object, path = SALES) => {
      await hub.send('POST', path, { as: 'pharmacy-1', body: sale, ...more });
      return callOf('sell')?.request?.hash;
    };
    const first = await hashOf({ key: 'key-number-1' });
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await hashOf({ key: 'key-number-2', headers: { 'erx-operator': 'till-2' } }), first);
    assert.notEqual(await hashOf({ raw: JSON.stringify(sale, undefined, 1) }), first);
    assert.notEqual(await hashOf({ body: { ...sale, quoteToken: 'r' } }), first);
    assert.notEqual(await hashOf({}, SALES.replace(UUID, UUID.replace('0190', '0191'))), first);
    assert.equal(callOf('sell')?.request?.clientId, 'pharmacy-1');
  });

  test('the actor comes from the token and the operator from its header', async () => {
    hub.fakes['sell'] = () => sold;
    await sell({ headers: { 'erx-operator': 'till-7', 'erx-role': 'AUTHORITY' } });
    assert.deepEqual(callOf('sell')?.actor, {
      clientId: 'pharmacy-1',
      role: 'PHARMACY',
      institutionId: 'P42010200001',
      operator: 'till-7',
      division: '',
    });
  });

  test('a completed sale is 201 with money in exact fen and the list as the signed text', async () => {
    hub.fakes['sell'] = () => sold;
    const { status, body } = await sell();
    assert.equal(status, 201);
    assert.deepEqual(body, {
      saleId: UUID,
      prescriptionId: UUID,
      state: 'COMPLETED',
      settlementId: 's',
      amounts: { totalFen: 90_071_992_547_409, basicFen: 1, seriousFen: 2, aidFen: 3, patientFen: 4, lines: [] },
      listSm3: 'ab',
      purchaseList: '{"列":1}',
      soldAt: '2026-01-31T08:30:00+08:00',
    });
  });

  test('HB-37a a sale that runs on is 202 with Retry-After and the place of its outcome', async () => {
    hub.fakes['sell'] = () => SellResponse.create({ saleId: UUID, state: 'RUNNING' });
    const { status, headers, body } = await sell({ key: 'key/of?a#sale' });
    assert.deepEqual([status, body], [202, { state: 'RUNNING' }]);
    assert.deepEqual([headers.get('retry-after'), headers.get('location')], ['1', '/v1/requests/key%2Fof%3Fa%23sale']);
    hub.fakes['getRequest'] = (({ key }: { key: string }) => ({
      state: 'RUNNING',
      operation: key,
      answer: new Uint8Array(),
    })) as never;
    const outcome = await hub.send('GET', headers.get('location') ?? '', { as: 'pharmacy-1' });
    assert.deepEqual(outcome.body, { state: 'RUNNING', operation: 'key/of?a#sale' });
  });

  test('an abandoned sale answers with the reasons why', async () => {
    const refusals = [{ code: 'TRACE_CODE_DUPLICATE', field: '/lines/0', detail: {} }];
    hub.fakes['sell'] = () => SellResponse.create({ saleId: UUID, state: 'ABANDONED', refusals });
    const { status, body } = await sell();
    assert.ok(status === 409 || status === 422);
    assert.equal(body['code'], 'TRACE_CODE_DUPLICATE');
  });

  describe('GET /v1/requests/{key}', () => {
    const ask = (as = 'pharmacy-1') => hub.send('GET', '/v1/requests/some-key-1', { as });

    test('says NONE when nothing took effect anywhere', async () => {
      assert.deepEqual((await ask()).body, { state: 'NONE' });
      assert.ok(hub.asked.filter(({ method }) => method === 'getRequest').length >= 5);
    });

    test('shows the stored answer as the write itself gave it', async () => {
      hub.fakes['getRequest'] = () => ({
        state: 'DONE',
        operation: 'sale.sell',
        answer: SellResponse.encode(sold).finish(),
      });
      const { body } = await ask();
      hub.fakes['sell'] = () => sold;
      assert.deepEqual(body, { state: 'DONE', operation: 'sale.sell', answer: (await sell()).body });
    });

    test('knows the gateway’s own writes, of the same client only', async () => {
      const body = { clients: [] };
      await hub.send('POST', '/v1/import/clients', { as: 'authority', body, key: 'some-key-1' });
      assert.deepEqual((await ask('authority')).body, {
        state: 'DONE',
        operation: 'client.import',
        answer: { changed: 0, unchanged: 0 },
      });
      assert.deepEqual((await ask()).body, { state: 'NONE' });
    });
  });

  describe('a repeat whose check has become impossible', () => {
    test('of a hand-over gets the first answer although the grant is over', async () => {
      hub.fakes['sealSignature'] = () => refuse('GRANT_INVALID');
      hub.fakes['getRequest'] = () => ({ state: 'DONE', operation: 'sale.hand-over', answer: new Uint8Array() });
      hub.fakes['handOver'] = () =>
        HandOverResponse.create({ saleId: UUID, state: 'HANDED_OVER', handedOverAt: new Date(0) });
      const { status, body } = await hub.send('POST', HAND_OVER, { as: 'pharmacy-1', body: handOver });
      assert.deepEqual([status, body['state']], [200, 'HANDED_OVER']);
    });

    test('of an upload gets the first answer, or hears that the key stands for something else', async () => {
      hub.fakes['checkUpload'] = () => refuse('PRESCRIPTION_TAMPERED');
      hub.fakes['getRequest'] = () => ({ state: 'DONE', operation: 'prescription.upload', answer: new Uint8Array() });
      const upload = () =>
        hub.send('POST', `/v1/prescriptions/${UUID}/upload`, {
          as: 'hospital-1',
          body: { document: 'AAAA', evidence: [] },
        });
      hub.fakes['upload'] = () => UploadResponse.create({ prescriptionId: UUID, circulatingAt: new Date(0) });
      assert.equal((await upload()).status, 201);
      hub.fakes['upload'] = () => refuse('IDEMPOTENCY_KEY_REUSED');
      assert.deepEqual((await upload()).body['code'], 'IDEMPOTENCY_KEY_REUSED');
    });

    test('of an unknown key is refused by the check, and the owner is not asked to act', async () => {
      hub.fakes['sealSignature'] = () => refuse('GRANT_INVALID');
      const { body } = await hub.send('POST', HAND_OVER, { as: 'pharmacy-1', body: handOver });
      assert.equal(body['code'], 'GRANT_INVALID');
      assert.ok(!hub.asked.some(({ method }) => method === 'handOver'));
    });
  });

  test('personal data goes to verification in the clear and to nobody else', async () => {
    const patient = { certType: '01', certNo: '990101199001011234', name: '某甲', phone: '13900000000' };
    hub.fakes['identify'] = () => ({ person: { personId: UUID, nameSealed: new Uint8Array([1, 2]) } });
    await hub.send('POST', '/v1/prescriptions/pre-check', {
      as: 'hospital-1',
      body: {
        patient,
        doctorId: 'D1',
        category: '11',
        prescribedAt: '2026-01-31T08:30:00+08:00',
        diagnoses: [],
        lines: [{ drugCode: 'X', quantity: '1.5', days: 30, usage: '口服' }],
        outflowReason: 'NOT_STOCKED',
      },
    });
    const [identify, precheck, ...others] = hub.asked;
    assert.deepEqual(identify?.request['person'], patient);
    assert.deepEqual([precheck?.method, others], ['precheck', []]);
    const passedOn = JSON.stringify(precheck, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    assert.doesNotMatch(passedOn, /990101|某甲|139000/);
    assert.deepEqual((precheck?.request as { lines: object[] } | undefined)?.lines[0], {
      drugCode: 'X',
      quantity: 15_000n,
      days: 30,
      usage: '口服',
    });
  });

  test('a hospital reads its patient only when it asks for that, through verification', async () => {
    const sealed = {
      personId: UUID,
      nameSealed: Buffer.from([1]),
      identitySealed: Buffer.from([2]),
      phoneSealed: Buffer.from([3]),
    };
    const clear = { certType: '01', certNo: '990101199001011234', name: '某甲', phone: '1' };
    hub.fakes['getPrescription'] = () => ({ prescriptionId: UUID, status: 'CIRCULATING', patient: sealed });
    hub.fakes['openPersons'] = () => ({ persons: [clear] });
    const path = `/v1/prescriptions/${UUID}`;
    const plain = await hub.send('GET', path, { as: 'hospital-1' });
    assert.deepEqual([plain.status, 'patient' in plain.body], [200, false]);
    assert.ok(!hub.asked.some(({ method }) => method === 'openPersons'));
    assert.deepEqual((await hub.send('GET', `${path}?include=patient`, { as: 'hospital-1' })).body['patient'], clear);
    assert.equal(hub.asked.at(-1)?.request['operation'], 'prescription.read');
    hub.fakes['openPersons'] = () => ({ persons: [{ name: '' }], erasedPersonIds: [UUID] });
    const erased = await hub.send('GET', `${path}?include=patient`, { as: 'hospital-1' });
    assert.deepEqual([erased.status, erased.body['code']], [404, 'PERSONAL_DATA_ERASED']);
  });
});
