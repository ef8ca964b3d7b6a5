import { askQuote, basketOf, buy, buyAtQuote, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { refused } from './outcome.ts';
import { prescribe } from './prescribe.ts';

/** SM-4: what is left of the prescription bounds what is sold, in every visit. */
export const quantityOverRest: Kind = {
  name: 'quantity-over-rest',
  cast(director) {
    const visit = director.visit({ packs: 2, single: true });
    const [first, second] = [0, 1].map((pack) =>
      basketOf(visit).map((line) => ({ ...line, packs: 1, codes: line.codes.slice(pack, pack + 1) })),
    );
    return {
      expected: ['HANDED_OVER', 'QTY_OVER_LIMIT', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        await buy(scene, visit, issued, counter, grantId, first);
        const again = await takeIn(scene, visit, issued);
        const answer = await askQuote(scene, visit, issued, counter, again, basketOf(visit));
        refused(scene, 'quote', answer, 'QTY_OVER_LIMIT');
        await buy(scene, visit, issued, counter, again, second);
      },
    };
  },
};

/** CX-14-4b: something beside the prescription goes over the counter with it. */
export const crossSell: Kind = {
  name: 'cross-sell',
  cast(director) {
    const visit = director.visit({ single: true });
    const { pharmacy } = visit.counter;
    const others = director.stocks(pharmacy).filter((drug) => visit.lines.every((line) => line.drug !== drug));
    const codes = director.allotment.take(pharmacy, director.random.pick(others), 1);
    return {
      expected: ['CROSS_SELL_FORBIDDEN', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const basket = basketOf(visit);
        const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
        const lines = [...scanOf(basket), { lineNo: basket.length + 1, traceCodes: codes }];
        const answer = await trySale(scene, issued, counter, { grantId, quoteToken, lines });
        refused(scene, 'sale', answer, 'CROSS_SELL_FORBIDDEN');
        await buyAtQuote(scene, visit, issued, counter, grantId, basket, quoteToken);
      },
    };
  },
};
