import { basketOf, buy, buyOnly, fill, quote, scanOf, takeFor, takeIn, tryHandOver, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { type Batch, receive, withCodes } from './packs.ts';
import { prescribe } from './prescribe.ts';
import { packageIs, reverse } from './reversal.ts';
import type { Scene } from './stage.ts';
import type { Counter } from './visit.ts';
import { eventually } from './wait.ts';

async function inStock(scene: Scene, { pharmacy }: Counter, { drug, batchNo }: Batch, state: string): Promise<number> {
  const { entries } = accepted('stock', await scene.pharmacy(pharmacy).stock(drug.record.drugCode));
  return entries.find((entry) => entry.batchNo === batchNo && entry.state === state)?.codes ?? 0;
}

/**
 * A batch is called back: one pack of it is sold and still on the counter, the others are on the shelf. Neither reaches a
 * patient; the sale is taken back, and both patients get a good pack.
 */
export const recalledBatch: Kind = {
  name: 'recalled-batch',
  cast(director) {
    const first = director.visit({ single: true, packs: 1 });
    const { counter, person } = first;
    const [line] = first.lines;
    if (line === undefined) throw new RangeError('a visit without lines');
    const { drug } = line;
    const second = director.visit({ single: true, packs: 1, counter, drug, but: person });
    const codes = director.allotment.undelivered(counter.pharmacy, drug, 3);
    const batch: Batch = { batchNo: `RC${codes[0]}`, drug, codes };
    return {
      expected: ['TRACE_CODE_RECALLED', 'TRACE_CODE_RECALLED', 'REVERSED', 'HANDED_OVER', 'HANDED_OVER'],
      persons: [person, second.person],
      async act(scene) {
        const [sold = '', shelved = ''] = codes;
        await receive(scene, counter, batch);
        const there = await inStock(scene, counter, batch, 'RECEIVED');
        if (there !== codes.length) throw new Surprise(`stock: ${there} instead of ${codes.length}`);
        const [mine, theirs] = await Promise.all([prescribe(scene, first), prescribe(scene, second)]);
        const grantId = await takeIn(scene, first, mine);
        const sale = await buyOnly(scene, withCodes(first, [sold]), mine, counter, grantId);
        await recall(scene, counter, batch);
        refused(scene, 'hand-over', await tryHandOver(scene, first, counter, grantId, sale), 'TRACE_CODE_RECALLED');
        const other = await takeIn(scene, second, theirs);
        const { quoteToken } = await quote(scene, second, theirs, counter, other, basketOf(second));
        const scan = scanOf(basketOf(withCodes(second, [shelved])));
        const answer = await trySale(scene, theirs, counter, { grantId: other, quoteToken, lines: scan });
        refused(scene, 'sale', answer, 'TRACE_CODE_RECALLED');
        await reverse(scene, counter, sale.saleId);
        await packageIs(scene, counter, sold, 'RECALLED', 'QUARANTINED');
        await takeFor(scene, mine, counter, grantId);
        await buy(scene, first, mine, counter, grantId);
        await buy(scene, second, theirs, counter, other);
      },
    };
  },
};

/** The answer, and the list read again, name every pack and who holds it. */
async function recall(scene: Scene, { pharmacy }: Counter, { batchNo, drug, codes }: Batch): Promise<void> {
  const agency = scene.agency(pharmacy.province);
  const order = { drugCode: drug.record.drugCode, batchNo, reason: '抽检不合格' };
  const { recallId } = accepted('recall', await agency.recall(order));
  const { holders } = accepted('recall-read', await agency.readRecall(recallId));
  const named = holders.filter(({ holderId }) => holderId === pharmacy.record.institutionId);
  const listed = new Set(named.flatMap(({ traceCodes }) => traceCodes));
  if (!codes.every((code) => listed.has(code))) throw new Surprise('recall: a pack is missing from the list');
}

/** A patient brings a pack back: quarantine, and no quantity for anybody. */
export const qualityReturn: Kind = {
  name: 'quality-return',
  cast(director) {
    const visit = director.visit({ single: true, packs: 1 });
    return {
      expected: ['HANDED_OVER', 'QUARANTINED'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const traceCodes = visit.lines.flatMap(({ codes }) => codes);
        await fill(scene, visit, await prescribe(scene, visit));
        const movement = { noteId: `QR${traceCodes[0]}`, kind: 'QUALITY_RETURN', traceCodes, reason: '包装破损' };
        // Until traceability has heard of the hand-over, there is nothing to bring back.
        await eventually('quality-return', async () => {
          const answer = await scene.pharmacy(counter.pharmacy).move(movement, 'ALL_OR_NOTHING');
          return answer.ok && answer.body.booked === traceCodes.length ? true : undefined;
        });
        for (const code of traceCodes) await packageIs(scene, counter, code, 'QUARANTINED');
        scene.log.push('QUARANTINED');
      },
    };
  },
};

/** CX-29b: what is in a patient's hands turns up on another pharmacy's delivery; both sides are on record. */
export const soldCodeReappears: Kind = {
  name: 'sold-code-reappears',
  cast(director) {
    const visit = director.visit({ single: true, packs: 1 });
    const other = director.otherCounter(visit);
    return {
      expected: ['HANDED_OVER', 'TRACE_CODE_DUPLICATE'],
      persons: [visit.person],
      async act(scene) {
        const [line] = visit.lines;
        if (line === undefined) throw new RangeError('a visit without lines');
        const [code = ''] = line.codes;
        await fill(scene, visit, await prescribe(scene, visit));
        const note = {
          noteId: `DUP${code}`,
          drugCode: line.drug.record.drugCode,
          batchNo: `DUP${code}`,
          expiresOn: '2036-12-31',
          traceCodes: [code],
        };
        const answer = await scene.pharmacy(other.pharmacy).receive([note], 'EACH');
        const [bad] = accepted('receipt', answer).refused;
        scene.log.push(bad?.errors.map((error) => error.code).join('+') ?? 'BOOKED');
        await onRecord(scene, code, [visit.counter, other]);
      },
    };
  },
};

/** The national regulator finds the conflict, with both pharmacies. */
async function onRecord(scene: Scene, code: string, [known, claimed]: [Counter, Counter]): Promise<void> {
  const regulator = scene.regulators.find(({ division }) => division === '100000');
  let after: string | undefined;
  for (;;) {
    const answer = await regulator?.conflicts(after);
    const conflicts = answer === undefined ? [] : accepted('conflicts', answer).conflicts;
    const found = conflicts.find(({ traceCode }) => traceCode === code);
    if (found !== undefined) {
      const sides = [found.known.holderId, found.claimed.holderId];
      const expected = [known, claimed].map(({ pharmacy }) => pharmacy.record.institutionId);
      if (sides.join() !== expected.join()) throw new Surprise(`conflicts: ${sides.join(' and ')}`);
      return;
    }
    after = conflicts.at(-1)?.conflictId;
    if (after === undefined) throw new Surprise('conflicts: it is not on record');
  }
}
