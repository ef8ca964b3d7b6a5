import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogger } from './logger.ts';
import { withTraceparent } from './trace.ts';

/** The line that a logger writes for an error, as an object. */
function logged(error: unknown, fields: object = {}): Record<string, Record<string, string>> {
  const log = createLogger('test');
  let line = '';
  const stream = Object.getOwnPropertySymbols(log).find((symbol) => symbol.description === 'pino.stream');
  assert.ok(stream);
  Object.assign(log, { [stream]: { write: (text: string) => (line = text) } });
  log.error({ err: error, ...fields }, 'failed');
  return JSON.parse(line);
}

test('an error of the database is logged by its class: its texts can quote the values of a row', () => {
  const error = Object.assign(new Error('invalid input syntax for type uuid: "110101199001011234"\nsecond line 张三'), {
    name: 'PostgresError',
    code: '22P02',
    detail: 'Key (cert_no)=(110101199001011234)',
    parameters: ['张三'],
  });
  const text = JSON.stringify(logged(error));
  assert.doesNotMatch(text, /110101199001011234|张三/);
  assert.match(text, /22P02/);
});

test('an error that quotes its query with the parameters is logged as what caused it', () => {
  const cause = Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
  const failed = new Error('Failed query: select 1\nparams: 110101199001011234,张三', { cause });
  const text = JSON.stringify(logged(Object.assign(failed, { query: 'select 1', params: ['张三'] })));
  assert.doesNotMatch(text, /110101199001011234|张三/);
  assert.match(text, /CONNECTION_CLOSED/);
});

test('other errors keep message and place', () => {
  const { err } = logged(new TypeError('nothing to read'));
  assert.equal(err?.['message'], 'nothing to read');
  assert.match(err?.['stack'] ?? '', /logger\.test/);
});

test('fields that carry personal data are removed', () => {
  const text = JSON.stringify(
    logged(new Error('x'), { person: { name: '张三', certNo: '1', phone: '2', id: 'kept' } }),
  );
  assert.doesNotMatch(text, /张三|certNo|phone/);
  assert.match(text, /kept/);
});

test('a line that is written for a request carries its trace id, others carry none', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const inside = withTraceparent(`00-${traceId}-00f067aa0ba902b7-01`, () => logged(new Error('x')));
  assert.equal(inside['traceId'], traceId);
  assert.equal(logged(new Error('x'))['traceId'], undefined);
});
