import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { refusal } from '@erx/errors';
import { UUID } from './routes.ts';
import { type Answer, startTestGateway, type TestGateway } from './support.ts';

const prescribed = {
  patient: { certType: '01', certNo: '990101199001011234', name: '某甲' },
  doctorId: 'D1',
  category: '110202',
  prescribedAt: '2026-01-31T08:30:00+08:00',
  diagnoses: [{ code: 'C34', name: '肺恶性肿瘤' }],
  lines: [{ drugCode: 'X', quantity: '1', days: 30, usage: '口服' }],
  outflowReason: 'NOT_STOCKED',
};
type Problem = { code: string; field?: string; detail?: Record<string, string> };
const errorsOf = ({ body }: Answer) => body['errors'] as Problem[];

describe('problem documents', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
  });
  after(() => hub[Symbol.asyncDispose]());
  const precheck = (more: object) =>
    hub.send('POST', '/v1/prescriptions/pre-check', { as: 'hospital-1', body: prescribed, ...more });

  test('a refusal says what, why, by which rule of which document, who must act, and whether to retry', async () => {
    hub.fakes['identify'] = () => ({ person: { personId: UUID } });
    hub.fakes['precheck'] = () => ({
      refused: [refusal('DOCTOR_NOT_FILED', { scheme: 'RESPONSIBLE' }, '/doctorId'), refusal('OFF_PAYMENT_SCOPE')],
    });
    const answer = await precheck({});
    assert.equal(answer.status, 422);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const { traceId, errors, ...head } = answer.body;
    assert.match(String(traceId), /^[0-9a-f]{32}$/);
    const [first, second] = errors as Record<string, unknown>[];
    assert.deepEqual(head, {
      type: 'urn:erx:refusal:DOCTOR_NOT_FILED',
      title: first?.['title'],
      titleZh: first?.['titleZh'],
      status: 422,
      code: 'DOCTOR_NOT_FILED',
      detail: 'DOCTOR_NOT_FILED at /doctorId; OFF_PAYMENT_SCOPE',
      requirement: first?.['requirement'],
      document: first?.['document'],
      mustAct: first?.['mustAct'],
      retry: first?.['retry'],
    });
    assert.deepEqual([first?.['field'], first?.['detail']], ['/doctorId', { scheme: 'RESPONSIBLE' }]);
    assert.match(String(first?.['titleZh']), /[\u4e00-\u9fff]/);
    assert.match(String(first?.['document']), /医保/);
    assert.equal(second?.['code'], 'OFF_PAYMENT_SCOPE');
  });

  test('NUL in a query is refused with the name of its parameter, and in a path it is the name of nothing', async () => {
    const asked = await hub.send('GET', '/v1/audit/entries?kind=a%00b', { as: 'regulator-1' });
    assert.equal(asked.status, 400);
    assert.deepEqual(errorsOf(asked)[0]?.field, '/query/kind');
    const named = await hub.send('GET', '/v1/prescriptions/a%00b', { as: 'hospital-1' });
    assert.equal(named.status, 404);
  });

  test('all problems of a body come at once, each with its pointer, none with a value', async () => {
    const { patient: _, ...rest } = prescribed;
    const answer = await precheck({
      body: {
        ...rest,
        prescribedAt: '2026-02-30T08:30:00+08:00',
        diagnoses: 'C34',
        lines: [
          { drugCode: 'X', quantity: '1.23456', days: 0, usage: 1 },
          { drugCode: 'X', quantity: '-1', days: 1.5 },
        ],
        longPrescription: 'yes',
        consent: true,
        secret: '990101199001011234',
      },
    });
    assert.equal(answer.status, 400);
    assert.deepEqual(
      errorsOf(answer)
        .map(({ field, detail }) => `${field} ${detail?.['problem']}`)
        .sort(),
      [
        '/consent UNKNOWN_FIELD',
        '/diagnoses WRONG_TYPE',
        '/lines/0/days TOO_SMALL',
        '/lines/0/quantity WRONG_FORM',
        '/lines/0/usage WRONG_TYPE',
        '/lines/1/days WRONG_TYPE',
        '/lines/1/quantity WRONG_FORM',
        '/lines/1/usage REQUIRED',
        '/longPrescription WRONG_TYPE',
        '/patient REQUIRED',
        '/prescribedAt WRONG_FORM',
        '/secret UNKNOWN_FIELD',
      ],
    );
    assert.ok(errorsOf(answer).every(({ code }) => code === 'REQUEST_INVALID'));
    assert.doesNotMatch(JSON.stringify(answer.body), /9901011990/);
  });

  test('bodies that are no UTF-8 JSON of bounded depth are refused REQUEST_INVALID', async () => {
    const bodies: Record<string, [string | Uint8Array<ArrayBuffer>, string]> = {
      'not JSON': ['{"a":', 'NOT_JSON'],
      empty: ['', 'NOT_JSON'],
      'trailing text': ['{} {}', 'NOT_JSON'],
      'not UTF-8': [new Uint8Array([0x22, 0xc0, 0x80, 0x22]), 'NOT_UTF_8'],
      'a raw NUL': ['{"a":"\0"}', 'NOT_JSON'],
      'too deep': [`${'['.repeat(100_000)}`, 'TOO_DEEP'],
      'deep in objects': ['{"a":'.repeat(40) + 1 + '}'.repeat(40), 'TOO_DEEP'],
      'a prototype': ['{"__proto__":{"a":1}}', 'NOT_JSON'],
    };
    for (const [what, [raw, problem]] of Object.entries(bodies)) {
      const answer = await precheck({ raw });
      assert.equal(answer.status, 400, what);
      assert.equal(errorsOf(answer)[0]?.detail?.['problem'], problem, what);
    }
  });

  test('NUL and half characters in texts are refused with their place', async () => {
    const raw = JSON.stringify(prescribed).replace('口服', '\\u0000').replace('某甲', '\\ud800');
    const answer = await precheck({ raw });
    assert.deepEqual(
      errorsOf(answer).map(({ field, detail }) => `${field} ${detail?.['problem']}`),
      ['/patient/name NOT_A_TEXT', '/lines/0/usage NOT_A_TEXT'],
    );
  });

  test('brackets and quotes inside texts do not count as depth', async () => {
    const answer = await precheck({ body: { ...prescribed, outflowReason: `\\"${'['.repeat(50)}` } });
    assert.equal(answer.status, 422);
  });

  test('other content types and encodings are 415, a huge body is 413', async () => {
    const types = [
      'text/plain',
      'application/xml',
      'application/json; charset=gbk',
      'application/x-www-form-urlencoded',
      ';;',
    ];
    for (const type of types) {
      const answer = await precheck({ headers: { 'content-type': type } });
      assert.deepEqual([answer.status, answer.body['code']], [415, 'MEDIA_TYPE_UNSUPPORTED'], type);
    }
    const packed = await precheck({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    assert.equal(packed.status, 415);
    assert.equal((await precheck({ headers: { 'content-type': 'application/json; charset=UTF-8' } })).status, 422);
    const huge = await precheck({ raw: `"${'x'.repeat(600_000)}"` });
    assert.deepEqual([huge.status, huge.body['code']], [413, 'BODY_TOO_LARGE']);
  });

  test('unknown places are 404, known places with another method 405 with Allow', async () => {
    for (const path of ['/', '/v1', '/v1/prescriptions', '/v2/prescriptions/x', '/openapi.yaml', '/v1/nothing?x=1']) {
      const answer = await hub.send('GET', path);
      assert.deepEqual([answer.status, answer.body['code']], [404, 'NOT_FOUND'], path);
    }
    const posted = await hub.send('POST', '/v1/nothing', { raw: 'x', headers: { 'content-type': 'text/x' } });
    assert.equal(posted.status, 404);
    const wrong = await hub.send('DELETE', `/v1/prescriptions/${UUID}`);
    assert.deepEqual(
      [wrong.status, wrong.body['code'], wrong.headers.get('allow')],
      [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'],
    );
    const read = await hub.send('GET', '/oauth/token');
    assert.deepEqual([read.status, read.headers.get('allow')], [405, 'POST']);
  });

  test('an id that cannot be one is the id of nothing, bad percent-encoding is 400', async () => {
    for (const id of ['1', 'x'.repeat(100), 'x'.repeat(2_000), '%00', '..%2f..', '%E5%A4%84', "';--"]) {
      const answer = await hub.send('GET', `/v1/prescriptions/${id}`, { as: 'hospital-1' });
      assert.equal(answer.status, 404, id.slice(0, 20));
    }
    for (const id of ['%', '%zz', '%C0%80', '%ff']) {
      const answer = await hub.send('GET', `/v1/prescriptions/${id}`, { as: 'hospital-1' });
      assert.deepEqual([answer.status, answer.body['code']], [400, 'REQUEST_INVALID'], id);
    }
  });

  test('query parameters are checked like everything else', async () => {
    for (const query of [
      'after=x',
      'after=-1',
      'after=1&after=2',
      'limit=0',
      'limit=1001',
      'nonsense=1',
      'after=%00',
    ]) {
      const answer = await hub.send('GET', `/v1/audit/entries?${query}`, { as: 'regulator-1' });
      assert.deepEqual([answer.status, answer.body['code']], [400, 'REQUEST_INVALID'], query);
      assert.match(errorsOf(answer)[0]?.field ?? '', /^\/query\//, query);
    }
  });

  test('a malformed operator is refused', async () => {
    const answer = await precheck({ headers: { 'erx-operator': 'D 1' } });
    assert.equal(errorsOf(answer)[0]?.field, '/headers/Erx-Operator');
  });

  test('what is not even HTTP gets a last word', async () => {
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(hub.url).port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    assert.match(reply, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
  });

  test('a failure inside the hub shows nothing of itself', async () => {
    hub.fakes['precheck'] = () => {
      throw new Error('select * from prescription where cert_no = 990101');
    };
    const answer = await precheck({});
    assert.deepEqual([answer.status, answer.body['code']], [500, 'INTERNAL_ERROR']);
    assert.doesNotMatch(JSON.stringify(answer.body), /select|9901/);
  });
});
