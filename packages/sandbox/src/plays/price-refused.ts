import { formatDecimal, MONEY_SCALE, parseDecimal } from '@erx/values';
import { askQuote, basketOf, buy, buyAtQuote, fill, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { refused } from './outcome.ts';
import { prescribe } from './prescribe.ts';
import type { Visit, VisitLine } from './visit.ts';

const YUAN = 100n;

function dearer(line: VisitLine): string {
  const standard = parseDecimal(line.drug.standard, MONEY_SCALE) ?? 0n;
  return formatDecimal(standard + YUAN, MONEY_SCALE, MONEY_SCALE);
}

/** HB-19-5, HB-21-3: a negotiated drug is not sold above the payment standard. */
export const priceAboveStandard: Kind = {
  name: 'price-above-standard',
  cast(director) {
    const visit = director.visit({ negotiated: true, single: true });
    const dear = visit.lines.map((line) => ({ ...line, unitPrice: dearer(line) }));
    return {
      expected: ['PRICE_ABOVE_PAYMENT_STANDARD', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const answer = await askQuote(
          scene,
          visit,
          issued,
          visit.counter,
          grantId,
          basketOf({ ...visit, lines: dear }),
        );
        refused(scene, 'quote', answer, 'PRICE_ABOVE_PAYMENT_STANDARD');
        await buy(scene, visit, issued, visit.counter, grantId);
      },
    };
  },
};

/** HB-31-4: of any other drug the patient pays what is above the standard. */
export const priceSplit: Kind = {
  name: 'price-split',
  cast(director) {
    const standard = director.visit({ negotiated: false, single: true });
    const visit: Visit = { ...standard, lines: standard.lines.map((line) => ({ ...line, unitPrice: dearer(line) })) };
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        await fill(scene, visit, await prescribe(scene, visit));
      },
    };
  },
};

/** CX-22c: a quote that was used once, given again for the second pack of the same prescription. */
export const staleQuote: Kind = {
  name: 'stale-quote',
  cast(director) {
    const visit = director.visit({ packs: 2, single: true });
    const [first, second] = [0, 1].map((pack) =>
      basketOf(visit).map((line) => ({ ...line, packs: 1, codes: line.codes.slice(pack, pack + 1) })),
    );
    return {
      expected: ['HANDED_OVER', 'SETTLE_QUOTE_STALE', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const used = await quote(scene, visit, issued, counter, grantId, first ?? []);
        await buyAtQuote(scene, visit, issued, counter, grantId, first ?? [], used.quoteToken);
        const again = await takeIn(scene, visit, issued);
        const sale = { grantId: again, quoteToken: used.quoteToken, lines: scanOf(second ?? []) };
        refused(scene, 'sale', await trySale(scene, issued, counter, sale), 'SETTLE_QUOTE_STALE');
        await buy(scene, visit, issued, counter, again, second);
      },
    };
  },
};

/** The quote of one patient's prescription, given for another's. */
export const foreignQuote: Kind = {
  name: 'foreign-quote',
  cast(director) {
    const first = director.visit({ single: true, packs: 1 });
    const { counter, person } = first;
    const second = director.visit({ single: true, packs: 1, counter, but: person });
    return {
      expected: ['SETTLE_QUOTE_STALE', 'HANDED_OVER', 'HANDED_OVER'],
      persons: [person, second.person],
      async act(scene) {
        const [mine, theirs] = await Promise.all([prescribe(scene, first), prescribe(scene, second)]);
        const myGrant = await takeIn(scene, first, mine);
        const theirGrant = await takeIn(scene, second, theirs);
        const { quoteToken } = await quote(scene, first, mine, counter, myGrant, basketOf(first));
        const sale = { grantId: theirGrant, quoteToken, lines: scanOf(basketOf(second)) };
        refused(scene, 'sale', await trySale(scene, theirs, counter, sale), 'SETTLE_QUOTE_STALE');
        await buy(scene, second, theirs, counter, theirGrant);
        await buyAtQuote(scene, first, mine, counter, myGrant, basketOf(first), quoteToken);
      },
    };
  },
};
