import type { Drug } from '../world/drugs.ts';
import { basketOf, buyAtQuote, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Counter, Visit } from './visit.ts';

/** A small delivery that only one play knows; `parents`: the larger pack around a code. */
export type Batch = { batchNo: string; drug: Drug; codes: string[]; parents?: Record<string, string> };

/** The pharmacy books the delivery into its own stock (入库). */
export async function receive(scene: Scene, { pharmacy }: Counter, batch: Batch): Promise<void> {
  const { batchNo, drug, codes, parents } = batch;
  const note = {
    noteId: `N-${batchNo}`,
    drugCode: drug.record.drugCode,
    batchNo,
    expiresOn: '2036-12-31',
    traceCodes: codes,
    ...(parents === undefined ? {} : { parents }),
  };
  const { booked } = accepted('receipt', await scene.pharmacy(pharmacy).receive([note], 'ALL_OR_NOTHING'));
  if (booked !== codes.length) throw new Surprise(`receipt: ${booked} booked instead of ${codes.length}`);
}

export function withCodes(visit: Visit, codes: string[]): Visit {
  return { ...visit, lines: visit.lines.map((line) => ({ ...line, codes })) };
}

/** A box arrives with two packs in it: neither is sold out of the closed box, one is when the box was opened. */
export const openedBox: Kind = {
  name: 'opened-box',
  cast(director) {
    const asked = director.visit({ single: true, packs: 1 });
    const [line] = asked.lines;
    if (line === undefined) throw new RangeError('a visit without lines');
    const { drug } = line;
    const [box = '', ...parts] = director.allotment.undelivered(asked.counter.pharmacy, drug, 3);
    const parents = Object.fromEntries(parts.map((code) => [code, box]));
    const batch: Batch = { batchNo: `BX${box}`, drug, codes: [box, ...parts], parents };
    const visit = withCodes(asked, parts.slice(0, 1));
    return {
      expected: ['INVALID_STATE_TRANSITION', 'OPENED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        await receive(scene, counter, batch);
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const basket = basketOf(visit);
        const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
        const closed = await trySale(scene, issued, counter, { grantId, quoteToken, lines: scanOf(basket) });
        refused(scene, 'sale', closed, 'INVALID_STATE_TRANSITION');
        const opened = accepted('open-pack', await scene.pharmacy(counter.pharmacy).openPack(box));
        if (opened.parts.toSorted().join() !== parts.toSorted().join()) throw new Surprise('open-pack: other parts');
        scene.log.push('OPENED');
        await buyAtQuote(scene, visit, issued, counter, grantId, basket, quoteToken);
      },
    };
  },
};
