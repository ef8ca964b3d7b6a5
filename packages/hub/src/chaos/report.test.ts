import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaosLines, makeChaosReport, type PlayReport } from './report.ts';

const plays: PlayReport = {
  wrong: 0,
  plays: { plain: { count: 110 }, released: { count: 10 } },
  wrongPlays: [],
  saleAnswers: [],
};
const good = {
  seed: '1',
  minutes: 1,
  everybody: ['audit', 'kafka'],
  kills: [
    { at: 2, process: 'audit', playsInFlight: 8, recovered: 1.5 },
    { at: 9, process: 'kafka', playsInFlight: 8, recovered: 7 },
  ],
  longest: { sale: { seconds: 8, id: 's' }, event: { seconds: 9, id: 'e' } },
  blind: 3,
  plays,
  meanwhile: 115,
  books: { balanced: true, rows: [] },
};

test('a run passes when the plays, the books and the times are right, and says how much was killed', () => {
  const report = makeChaosReport(good);
  assert.equal(report.passed, true);
  assert.deepEqual(report.kills, { audit: 1, kafka: 1 });
  assert.deepEqual(report.plays, { count: 120, perMinute: 115 });
  assert.deepEqual(report.slowestRecovery, { process: 'kafka', seconds: 7 });
  assert.match(chaosLines(report).at(-1) ?? '', /Nothing lost, nothing doubled/);
});

test('each thing that is not right fails the run and is named', () => {
  const wrong = { play: 1, kind: 'plain', expected: 'HANDED_OVER', got: 'sale: no answer' };
  const faults: [string, Partial<Parameters<typeof makeChaosReport>[0]>][] = [
    ['the plays did not come to their end', { plays: undefined }],
    ['1 plays ended otherwise', { plays: { ...plays, wrong: 1, wrongPlays: [wrong] } }],
    ['the books do not balance', { books: { balanced: false, rows: [] } }],
    ['postgres was never killed', { everybody: ['audit', 'kafka', 'postgres'] }],
    ['audit did not come back', { kills: [...good.kills, { at: 20, process: 'audit', playsInFlight: 8 }] }],
    ['an open sale was in flight for 61 s', { longest: { ...good.longest, sale: { seconds: 61, id: 's' } } }],
    ['an open event was in flight for 61 s', { longest: { ...good.longest, event: { seconds: 61, id: 'e' } } }],
    ['nobody saw for 61 s', { blind: 61 }],
  ];
  for (const [sentence, change] of faults) {
    const report = makeChaosReport({ ...good, ...change });
    assert.equal(report.passed, false, sentence);
    assert.ok(
      chaosLines(report).some((line) => line.includes(sentence)),
      sentence,
    );
  }
});
