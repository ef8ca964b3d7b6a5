import type { Reversed } from '../clients/types.ts';
import { basketOf, buy, buyOnly, handOver, takeFor, takeIn } from './fill.ts';
import { hospitalSees } from './hospital-view.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { prescribe } from './prescribe.ts';
import type { KeptSale, Scene } from './stage.ts';
import type { Counter, Visit } from './visit.ts';

const REASON = '参保人当场退药';

/** 冲正: everything of the sale goes back, and the report says so. */
export async function reverse(scene: Scene, { pharmacy }: Counter, saleId: string, left: string[] = []): Promise<void> {
  const reversal = { reason: REASON, leftCounter: left };
  const { state }: Reversed = accepted('reverse', await scene.pharmacy(pharmacy).reverse(saleId, reversal));
  if (state !== 'REVERSED') throw new Surprise(`reverse: ${state}`);
  const kept = scene.sales.find(({ sale }) => sale.saleId === saleId);
  if (kept !== undefined) (kept satisfies KeptSale).reversed = true;
  scene.log.push(state);
}

/** Where a package has to be now. */
export async function packageIs(scene: Scene, { pharmacy }: Counter, code: string, ...states: string[]): Promise<void> {
  const { state } = accepted('trace-code', await scene.pharmacy(pharmacy).code(code));
  if (!states.includes(state)) throw new Surprise(`trace-code: ${state} instead of ${states.join(' or ')}`);
}

/** The packs never left the counter: back in stock, and sold again to the same patient after a new visit. */
export const reversedInStock: Kind = {
  name: 'reversed-in-stock',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['REVERSED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const { saleId } = await buyOnly(scene, visit, issued, counter, grantId);
        await reverse(scene, counter, saleId);
        for (const { codes } of visit.lines) {
          for (const code of codes) await packageIs(scene, counter, code, 'RECEIVED');
        }
        await hospitalSees(scene, visit, issued, 'the reversal', ({ status, fills }) => {
          return status === 'CIRCULATING' && fills.every((fill) => fill.state === 'REVERSED');
        });
        await takeFor(scene, issued, counter, grantId);
        await buy(scene, visit, issued, counter, grantId);
      },
    };
  },
};

/** The pack had left the counter: nobody gets it any more, the patient gets another one. */
export const reversedLeftCounter: Kind = {
  name: 'reversed-left-counter',
  cast(director) {
    const visit = director.visit({ single: true, packs: 1 });
    const others = visit.lines.map((line) => ({
      ...line,
      codes: director.allotment.take(visit.counter.pharmacy, line.drug, 1),
    }));
    const again: Visit = { ...visit, lines: others };
    return {
      expected: ['REVERSED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const codes = visit.lines.flatMap((line) => line.codes);
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const { saleId } = await buyOnly(scene, visit, issued, counter, grantId);
        await reverse(scene, counter, saleId, codes);
        for (const code of codes) await packageIs(scene, counter, code, 'QUARANTINED');
        await takeFor(scene, issued, counter, grantId);
        await buy(scene, again, issued, counter, grantId);
      },
    };
  },
};

/** What is in the patient's hands is not taken back. */
export const reversalTooLate: Kind = {
  name: 'reversal-after-hand-over',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['HANDED_OVER', 'INVALID_STATE_TRANSITION'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const sale = await buyOnly(scene, visit, issued, counter, grantId, basketOf(visit));
        await handOver(scene, visit, counter, grantId, sale);
        const answer = await scene.pharmacy(counter.pharmacy).reverse(sale.saleId, { reason: REASON, leftCounter: [] });
        refused(scene, 'reverse', answer, 'INVALID_STATE_TRANSITION');
      },
    };
  },
};
