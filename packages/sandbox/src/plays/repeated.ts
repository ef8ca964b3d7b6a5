import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { basketOf, handOver, keep, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { prescribe } from './prescribe.ts';

const LONGEST_WAIT_MS = 60;

/** The till loses its line in the middle of the sale and repeats with the same key: one sale, the first answer. */
export const lostAnswer: Kind = {
  name: 'lost-answer',
  cast(director) {
    const visit = director.visit();
    const patienceMs = 1 + director.random.below(LONGEST_WAIT_MS);
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const basket = basketOf(visit);
        const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
        const request = { grantId, quoteToken, lines: scanOf(basket) };
        const key = randomUUID();
        const line = AbortSignal.timeout(patienceMs);
        await scene
          .pharmacy(counter.pharmacy)
          .sell(issued.prescriptionId, request, key, line)
          .catch((error: unknown) => {
            if (!line.aborted) throw error;
          });
        const sale = keep(scene, basket, accepted('sale', await trySale(scene, issued, counter, request, key)));
        const again = accepted('sale', await trySale(scene, issued, counter, request, key));
        if (!isDeepStrictEqual(again, sale)) throw new Surprise('sale: the repeated request got another answer');
        await handOver(scene, visit, counter, grantId, sale);
      },
    };
  },
};

/** A key stands for one request: with other content it is refused, and the first sale stays as it was. */
export const sameKeyOtherContent: Kind = {
  name: 'same-key-other-content',
  cast(director) {
    const visit = director.visit({ single: true, packs: 1 });
    const [line] = visit.lines;
    const others = line === undefined ? [] : director.allotment.take(visit.counter.pharmacy, line.drug, 1);
    return {
      expected: ['IDEMPOTENCY_KEY_REUSED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const basket = basketOf(visit);
        const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
        const request = { grantId, quoteToken, lines: scanOf(basket) };
        const key = randomUUID();
        const sale = keep(scene, basket, accepted('sale', await trySale(scene, issued, counter, request, key)));
        const other = { ...request, lines: [{ lineNo: 1, traceCodes: others }] };
        refused(scene, 'sale', await trySale(scene, issued, counter, other, key), 'IDEMPOTENCY_KEY_REUSED');
        await handOver(scene, visit, counter, grantId, sale);
      },
    };
  },
};
