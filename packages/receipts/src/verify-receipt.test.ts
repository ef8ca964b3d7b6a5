import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { logKey, makeReceipt, ORIGIN, otherKey, witnessKey } from './receipt.fixture.ts';
import { formatReceipt, parseReceipt, type Receipt, receiptAsJson } from './receipt.ts';
import { type Verdict, verifyReceipt } from './verify-receipt.ts';
import { inWords } from './words.ts';

const forms = { text: formatReceipt, json: (receipt: Receipt) => JSON.stringify(receiptAsJson(receipt)) };

const failedAt = (verdict: Verdict): string => ('failed' in verdict ? verdict.failed : '');

for (const [form, write] of Object.entries(forms)) {
  test(`GJ-6e a receipt as ${form} proves its event with nothing but the public key`, async () => {
    for (const size of [1, 2, 3, 7, 200]) {
      const index = size - 1 - (size > 5 ? 3 : 0);
      const verdict = verifyReceipt(write(await makeReceipt(index, size)), [logKey]);
      assert.ok('proven' in verdict, JSON.stringify(verdict));
      const { receipt, origin, witnesses } = verdict.proven;
      assert.deepEqual([receipt.index, verdict.proven.size, origin, witnesses], [index, size, ORIGIN, []]);
    }
  });

  test(`GJ-6e one changed bit anywhere in a receipt as ${form} is found, and the check that fails is named`, async () => {
    const receipt = await makeReceipt(5, 9);
    const places: [string, (bytes: Receipt) => Uint8Array | undefined, string[]][] = [
      ['event', ({ event }) => event, ['entry']],
      ['salt', ({ salt }) => salt, ['entry']],
      ['leaf', ({ leaf }) => leaf, ['entry']],
      ['proof', ({ proof }) => proof[1], ['inclusion']],
    ];
    for (const [name, bytesOf, expected] of places) {
      const length = (bytesOf(receipt)?.length ?? 0) * 8;
      fc.assert(
        fc.property(fc.nat(length - 1), (bit) => {
          const spoilt = structuredClone(receipt);
          const bytes = bytesOf(spoilt) as Uint8Array;
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          assert.deepEqual([failedAt(verifyReceipt(write(spoilt), [logKey]))], expected, name);
        }),
        { numRuns: 50 },
      );
    }
  });

  test(`GJ-6e another event, place, tree or key is refused in a receipt as ${form}`, async () => {
    const receipt = await makeReceipt(5, 9);
    const other = await makeReceipt(5, 9, 'another event');
    const check = (change: Partial<Receipt>, keys = [logKey]) =>
      failedAt(verifyReceipt(write({ ...receipt, ...change }), keys));
    assert.equal(check({}), '');
    assert.equal(check({ eventId: other.eventId.replace(/5$/, '6') }), 'entry');
    assert.equal(check({ type: 'erx.dispensing.v1.HandedOver' }), 'entry');
    assert.equal(check({ event: other.event }), 'entry');
    assert.equal(check({ event: other.event, leaf: other.leaf }), 'inclusion');
    assert.equal(check({ index: 4 }), 'inclusion');
    assert.equal(check({ proof: receipt.proof.slice(1) }), 'inclusion');
    assert.equal(check({ checkpoint: other.checkpoint }), 'inclusion');
    assert.equal(check({ checkpoint: receipt.checkpoint.replace('\n9\n', '\n8\n') }), 'checkpoint');
    assert.equal(check({}, [otherKey]), 'checkpoint');
    assert.equal(check({}, [witnessKey]), 'checkpoint');
    assert.equal(check({}, ['nonsense']), 'key');
    assert.equal(check({}, []), 'key');
  });

  test(`a receipt as ${form} is read as it was written`, async () => {
    const receipt = await makeReceipt(2, 6);
    const read = parseReceipt(write(receipt));
    assert.ok(!('invalid' in read));
    assert.deepEqual(receiptAsJson(read), receiptAsJson(receipt));
  });
}

test('a known witness that cosigned is named with its time', async () => {
  const verdict = verifyReceipt(formatReceipt(await makeReceipt(0, 2)), [logKey, witnessKey]);
  assert.ok('proven' in verdict);
  assert.deepEqual(verdict.proven.witnesses, [{ name: 'witness.example/w', at: 1_780_000_000 }]);
  assert.match(inWords(verdict).at(-1)?.en ?? '', /^Witness witness.example\/w cosigned this tree at 2026-/);
});

test('a file that is no receipt is refused as such, whatever it holds', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(failedAt(verifyReceipt(text, [logKey])), 'file')));
  fc.assert(fc.property(fc.json(), (text) => assert.equal(failedAt(verifyReceipt(text, [logKey])), 'file')));
});

test('a large event is proven too', async () => {
  const receipt = await makeReceipt(0, 1, 'x'.repeat(300_000));
  assert.ok('proven' in verifyReceipt(formatReceipt(receipt), [logKey]));
});

test('the verdict is told in both languages: a line for each check, then what was proven', async () => {
  const receipt = await makeReceipt(1, 3);
  const good = inWords(verifyReceipt(formatReceipt(receipt), [logKey]));
  assert.deepEqual(good.map(({ mark }) => mark).join(''), '✓✓✓✓✓✓');
  assert.match(
    good.at(-1)?.en ?? '',
    new RegExp(`Proven: event ${receipt.eventId} .* is entry 1 .* of 3 in the log ${ORIGIN}`),
  );
  assert.match(good.at(-1)?.zh ?? '', /^已证明：事件/);
  const bad = inWords(verifyReceipt(formatReceipt({ ...receipt, event: new Uint8Array() }), [logKey]));
  assert.deepEqual(bad.map(({ mark }) => mark).join(''), '✓✓✓✗–✗');
  assert.match(bad.at(-1)?.en ?? '', /proves nothing/);
});
