import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import type { Sql } from '@erx/postgres';
import { findings, signedTree } from './log-support.ts';
import { startTestAudit, viewed } from './support.ts';

type Attack = { name: string; statements: string[]; found: RegExp; startRefused?: RegExp };

const other = `set_byte(value, 0, get_byte(value, 0) # 1)`;
const at = (index: number) => `(select event_id from log_leaf where index = ${index})`;

// 300 leaves: one full tile, and 44 at the edge
const attacks: Attack[] = [
  {
    name: 'a flipped bit in an event',
    statements: [`update entry set value = ${other} where event_id = ${at(17)}`],
    found: /index 17: event and leaf differ/,
  },
  {
    name: 'another event with a leaf made to fit',
    statements: [
      `update entry set value = ${other} where event_id = ${at(280)}`,
      `update log_leaf set entry = set_byte(entry, 60, get_byte(entry, 60) # 1) where index = 280`,
    ],
    found: /index 280: /,
    startRefused: /index 280: event and leaf differ/,
  },
  {
    name: 'a flipped bit in a leaf',
    statements: [`update log_leaf set entry = set_byte(entry, 60, get_byte(entry, 60) # 1) where index = 5`],
    found: /index 5: event and leaf differ/,
  },
  {
    name: 'a flipped bit in a salt',
    statements: [`update log_leaf set salt = set_byte(salt, 0, get_byte(salt, 0) # 1) where index = 290`],
    found: /index 290: event and leaf differ/,
  },
  {
    name: 'a flipped bit in a tile',
    statements: [`update log_tile set hashes = set_byte(hashes, 3205, get_byte(hashes, 3205) # 1)`],
    found: /index 100: tile 0\/0 was made of another leaf/,
  },
  {
    name: 'a flipped bit in the root of a tile',
    statements: [`update log_tile set root = set_byte(root, 0, get_byte(root, 0) # 1)`],
    found: /index 0: the root of a tile is false/,
    startRefused: /at index 0: the root of a tile is false/,
  },
  {
    name: 'a removed event',
    statements: [`delete from entry where event_id = ${at(40)}`],
    found: /index 40: the event of the leaf is missing/,
  },
  {
    name: 'a removed leaf',
    statements: ['delete from log_leaf where index = 41'],
    found: /index 41: the leaf is missing/,
  },
  {
    name: 'a removed leaf at the edge',
    statements: ['delete from log_leaf where index = 270'],
    found: /index 270: the leaf is missing/,
    startRefused: /index 270: the leaf is missing/,
  },
  {
    name: 'two leaves in swapped order',
    statements: [
      'update log_leaf set index = index + 1000 where index in (60, 61)',
      'update log_leaf set index = case index when 1060 then 61 else 60 end where index in (1060, 1061)',
    ],
    found: /index 60: tile 0\/0 was made of another leaf/,
  },
  {
    name: 'two leaves at the edge in swapped order',
    statements: [
      'update log_leaf set index = index + 1000 where index in (260, 261)',
      'update log_leaf set index = case index when 1260 then 261 else 260 end where index in (1260, 1261)',
    ],
    found: /index \d+: the tree of \d+ leaves is not the one that was signed/,
    startRefused: /does not match its checkpoint of 300 leaves/,
  },
  {
    name: 'an index given twice',
    statements: ['alter table log_leaf drop constraint log_leaf_pk', 'update log_leaf set index = 70 where index = 71'],
    found: /index 70: the index was given to two leaves/,
  },
  {
    name: 'a leaf beyond the end',
    statements: ['update log_leaf set index = 900 where index = 299'],
    found: /index 299: the leaf is missing/,
    startRefused: /index 299: the leaf is missing/,
  },
  {
    name: 'an event that no log holds',
    statements: [
      `insert into entry (event_id, type, cluster, topic, partition, "offset", key, headers, value, recorded_at)
       select gen_random_uuid(), type, 'x', topic, partition, "offset", key, headers, value, recorded_at
       from entry where event_id = ${at(1)}`,
    ],
    found: /is in no log/,
  },
  {
    name: 'a checkpoint of another tree',
    statements: [`update log_checkpoint set note = replace(note, E'\\n300\\n', E'\\n299\\n')`],
    found: /the signature of .* is false/,
    startRefused: /the signature of .* is false/,
  },
];

async function attacked(sql: Sql, statements: readonly string[]): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const statement of statements) assert.notEqual((await tx.unsafe(statement)).count, 0, statement);
  });
}

for (const { name, statements, found, startRefused } of attacks) {
  test(`GJ-6e verify-log finds ${name}, and says where`, async () => {
    await using audit = await startTestAudit();
    await audit.publish(Array.from({ length: 300 }, (_, n) => viewed(`p${n % 7}`, String(n))));
    await signedTree(audit, 300);
    assert.deepEqual(await findings(audit), []);
    await audit.stop();
    await attacked(audit.database.sql, statements);
    const all = await findings(audit);
    assert.ok(
      all.some((finding) => found.test(finding)),
      all.join('\n'),
    );
    if (startRefused !== undefined) await assert.rejects(audit.start(), startRefused);
  });
}

test('GJ-6e a tree that does not hold the checkpoint kept outside is refused at the start, and found', async () => {
  await using audit = await startTestAudit();
  await audit.publish([viewed('p', '1'), viewed('p', '2')]);
  await signedTree(audit, 2);
  await audit.stop();
  // The whole log made anew inside the database: its own checkpoint is gone with it.
  await attacked(audit.database.sql, [
    'delete from log_checkpoint',
    'update log_leaf set index = index + 10',
    'update log_leaf set index = case index when 10 then 1 else 0 end',
  ]);
  await assert.rejects(audit.start(), /does not match its checkpoint of 2 leaves/);
  assert.ok((await readFile(join(audit.env.ERX_LOG_DIR, 'checkpoint'), 'utf8')).includes('\n2\n'));
  await appendFile(join(audit.env.ERX_LOG_DIR, 'checkpoint'), 'x');
  assert.match((await findings(audit)).join(), /the checkpoint kept outside the database: not a signed note/);
});
