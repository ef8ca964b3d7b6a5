import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Sale } from '../clients/types.ts';
import { basketOf, handOver, keep, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { prescribe } from './prescribe.ts';
import { eventually } from './wait.ts';

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

/** The same request twice at once: the sale happens once, and both hear of the same one. */
export const repeatWhileRunning: Kind = {
  name: 'repeat-while-running',
  cast(director) {
    const visit = director.visit();
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
        const both = await Promise.all([1, 2].map(() => trySale(scene, issued, counter, request, key)));
        const [first, second] = both.map((answer) => accepted('sale', answer));
        if (first === undefined || !isDeepStrictEqual(first, second))
          throw new Surprise('sale: two answers to one key');
        await handOver(scene, visit, counter, grantId, keep(scene, basket, first));
      },
    };
  },
};

/** The till loses its line and asks what became of the sale, instead of sending it again. */
export const asksForOutcome: Kind = {
  name: 'asks-for-outcome',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const client = scene.pharmacy(counter.pharmacy);
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const basket = basketOf(visit);
        const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
        const request = { grantId, quoteToken, lines: scanOf(basket) };
        const key = randomUUID();
        const line = AbortSignal.timeout(LONGEST_WAIT_MS);
        await client.sell(issued.prescriptionId, request, key, line).catch((error: unknown) => {
          if (!line.aborted) throw error;
        });
        const sale = await eventually('request-outcome', async () => {
          const { state, answer } = accepted('request-outcome', await client.request<Sale>(key));
          // Nothing took effect: the request never came through, and it is safe to send it again.
          if (state === 'NONE') return accepted('sale', await trySale(scene, issued, counter, request, key));
          return state === 'DONE' ? answer : undefined;
        });
        await handOver(scene, visit, counter, grantId, keep(scene, basket, sale));
      },
    };
  },
};
