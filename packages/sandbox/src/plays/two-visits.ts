import { basketOf, buy, somePacks, takeIn } from './fill.ts';
import { hospitalSees } from './hospital-view.ts';
import type { Kind } from './kind.ts';
import { Surprise } from './outcome.ts';
import { patientSees, signInToApp } from './patient-view.ts';
import { prescribe } from './prescribe.ts';

/**
 * One pack now, the other at another pharmacy: lock, review, quote and sale each time. The patient sees in between who
 * filled what, the hospital at the end.
 */
export const twoVisits: Kind = {
  name: 'two-visits',
  cast(director) {
    const visit = director.visit({ packs: 2, single: true });
    const second = director.elsewhere(visit, director.otherCounter(visit));
    return {
      expected: ['HANDED_OVER', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const atFirst = await takeIn(scene, visit, issued);
        const first = await buy(scene, visit, issued, visit.counter, atFirst, somePacks(basketOf(visit), 1));
        const { fills, lines } = await patientSees(scene, issued, await signInToApp(scene, visit));
        const [fill, ...more] = fills;
        const { name } = visit.counter.pharmacy.record;
        const isTold = fill?.saleId === first.saleId && fill.pharmacyName === name && fill.packs === '1';
        if (!isTold || more.length > 0) throw new Surprise('patient-search: the first visit is not told');
        if (lines[0]?.open !== '1' || lines[0].sold !== '1') throw new Surprise('patient-search: the rest is not one');
        const { counter } = second;
        const atSecond = await takeIn(scene, second, issued);
        const last = await buy(scene, second, issued, counter, atSecond, somePacks(basketOf(second), 1));
        const filled = [
          `${first.saleId} ${visit.counter.pharmacy.record.institutionId} HANDED_OVER`,
          `${last.saleId} ${counter.pharmacy.record.institutionId} HANDED_OVER`,
        ];
        await hospitalSees(scene, visit, issued, 'who filled what', (shown) => {
          const told = shown.fills.map(({ saleId, pharmacyId, state }) => `${saleId} ${pharmacyId} ${state}`);
          return told.length === filled.length && filled.every((each) => told.includes(each));
        });
      },
    };
  },
};
