import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { inTransaction } from '@erx/postgres';
import { recordEvents } from '../src/commands/record-events.ts';
import { startTestAudit } from './support.ts';

test('GX-3m after a restore the offsets of the new broker begin again, and every event is still recorded', async () => {
  await using audit = await startTestAudit();
  const position = { topic: 'erx.dispensing.prescription.v1', partition: 0, offset: 0n };
  const event = () => ({
    ...position,
    id: randomUUID(),
    type: 'erx.dispensing.v1.HistoryViewed' as const,
    key: 'p1',
    headers: { ce_territory: '420106' },
    value: new Uint8Array([1]),
    payload: undefined,
  });
  const record = (cluster: string) =>
    inTransaction(audit.database, (tx) => recordEvents(tx, [event()], cluster, new Date()));
  await record('before');
  await record('after');
  await assert.rejects(record('after'), /entry_position_once/);
  assert.deepEqual(
    (await audit.readAll('420106')).map(({ number, offset }) => ({ number, offset })),
    [1n, 2n].map((number) => ({ number, offset: 0n })),
  );
});
