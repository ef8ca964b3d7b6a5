import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isRefused } from '@erx/errors';
import { actorOf, type CallContext } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { leafHash, parseCheckpoint, parseNote, verifyInclusion } from '@erx/tlog';
import { chainEvents, chainIds, HOSPITAL, OTHER_PHARMACY, PHARMACY } from './chain.ts';
import { regulator, startTestAudit } from './support.ts';

let audit: Awaited<ReturnType<typeof startTestAudit>>;
before(async () => {
  audit = await startTestAudit();
});
after(() => audit?.[Symbol.asyncDispose]());

const as = (role: string, more: object = {}): CallContext => ({ actor: actorOf({ clientId: role, role, ...more }) });
const read = (eventId: string, context: CallContext, grantId = '') =>
  audit.client.readReceipt({ eventId, grantId }, context);

test('GJ-6e every step of a prescription has a receipt that leads to the signed tree, for those who may see it', async () => {
  const chain = chainIds();
  const events = chainEvents(chain);
  await audit.publish(events);
  await eventually(async () => {
    const rows = await audit.database.sql`select from log_checkpoint where size >= ${events.length}`;
    return rows.count > 0;
  }, 60_000);
  for (const event of events) {
    const receipt = await read(event.id, regulator('420102'));
    assert.ok(!isRefused(receipt), event.type);
    assert.equal(Buffer.compare(receipt.event, event.payload), 0);
    const note = parseNote(receipt.checkpoint);
    assert.ok('text' in note);
    const head = parseCheckpoint(note.text);
    assert.ok('root' in head);
    const { index, proof, leaf } = receipt;
    assert.ok(verifyInclusion(leafHash(leaf), Number(index), head.size, proof, head.root), event.type);
  }
  const own = chainIds().personId;
  audit.grants.set('own', chain.personId).set('other', own);
  const sale = events.find(({ type }) => type.endsWith('SaleCompleted'))?.id ?? '';
  for (const context of [as('HOSPITAL', { institutionId: HOSPITAL }), as('PHARMACY', { institutionId: PHARMACY })]) {
    assert.ok(!isRefused(await read(sale, context)));
  }
  assert.ok(!isRefused(await read(sale, as('PATIENT'), 'own')));
  for (const [context, grant] of [
    [as('PHARMACY', { institutionId: OTHER_PHARMACY }), ''],
    [regulator('420103'), ''],
    [as('PATIENT'), 'other'],
  ] as const) {
    const answer = await read(sale, context, grant);
    assert.deepEqual(isRefused(answer) && answer.refused.map(({ code }) => code), ['NOT_FOUND']);
  }
});
