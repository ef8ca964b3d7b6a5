import assert from 'node:assert/strict';
import test from 'node:test';
import { readBrokers } from './broker-address.ts';

test('broker addresses carry a namespace and how the brokers are to be known', () => {
  assert.deepEqual(readBrokers(['a:1', 'b:2/t1']), { addresses: ['a:1', 'b:2'], namespace: 't1' });
  const file = import.meta.filename;
  const secure = readBrokers([`a:1/t1?ca=${file}&cert=${file}&key=${file}`]);
  assert.deepEqual([secure.addresses, secure.namespace], [['a:1'], 't1']);
  assert.deepEqual(Object.keys(secure.ssl ?? {}).sort(), ['ca', 'cert', 'key', 'rejectUnauthorized']);
  assert.deepEqual(readBrokers(['a:1?ca=system']).ssl, { rejectUnauthorized: true });
});

test('addresses that would be less safe than they look are refused', () => {
  for (const query of ['ca=system&key=x', 'cert=x&key=x', '', 'ca=system&rejectUnauthorized=false']) {
    assert.throws(() => readBrokers([`a:1?${query}`]), /broker addresses/, query);
  }
});
