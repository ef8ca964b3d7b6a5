import assert from 'node:assert/strict';
import test from 'node:test';
import { runsOf } from './runs.ts';

test('each division gets its events once and in their order; divisions are in ascending order', () => {
  const event = (id: string, ce_territory: string) => ({ id, headers: { ce_territory } });
  assert.deepEqual(runsOf([event('c', '420106,420100'), event('a', ''), event('b', '220102'), event('d', '420102')]), [
    { division: '100000', eventIds: ['c', 'a', 'b', 'd'] },
    { division: '220000', eventIds: ['b'] },
    { division: '220100', eventIds: ['b'] },
    { division: '220102', eventIds: ['b'] },
    { division: '420000', eventIds: ['c', 'd'] },
    { division: '420100', eventIds: ['c', 'd'] },
    { division: '420102', eventIds: ['d'] },
    { division: '420106', eventIds: ['c'] },
  ]);
});
