import assert from 'node:assert/strict';
import test from 'node:test';
import { actorOf } from './call.ts';
import { withIds } from './with-ids.ts';

const ID = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';
const call = { actor: actorOf({}), caller: 'dispensing', at: new Date(0), machineAt: new Date(0) };

test('what is no id never reaches the handler, and every such field is named', async () => {
  let asked = 0;
  const handle = withIds<{ saleId: string; prescriptionId: string }, string>(['saleId', 'prescriptionId'], async () => {
    asked += 1;
    return 'done';
  });
  assert.equal(await handle({ saleId: ID, prescriptionId: ID }, call), 'done');
  const refused = await handle({ saleId: '\0', prescriptionId: '' }, call);
  assert.ok(typeof refused === 'object');
  assert.deepEqual(
    refused.refused.map(({ code, field }) => `${code} ${field}`),
    ['REQUEST_INVALID /saleId', 'REQUEST_INVALID /prescriptionId'],
  );
  assert.equal(asked, 1);
});
