import { HUBEI } from '../world/periods.ts';
import { approve, arrive, basketOf, buy, fill, find, lock, pharmacistSigns, somePacks, takeIn } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, Surprise } from './outcome.ts';
import { patientSees, signInToApp } from './patient-view.ts';
import { patientOf, prescribe } from './prescribe.ts';
import { readBack } from './read-back.ts';

/** The main job, nothing in its way: from the pre-check to the hospital that reads every step back. */
export const plain: Kind = {
  name: 'plain',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        await fill(scene, visit, issued);
        await readBack(scene, visit, issued);
      },
    };
  },
};

/** The patient looks at the app first: it offers every pharmacy that may fill the prescription, and none that may not. */
export const patientChooses: Kind = {
  name: 'patient-chooses',
  cast(director) {
    const visit = director.visit({ province: HUBEI });
    const forbidden = director.world.pharmacies.filter((each) => each.province === HUBEI && !each.admitted);
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await signInToApp(scene, visit);
        await patientSees(scene, issued, grantId);
        const { pharmacies } = accepted(
          'pharmacies',
          await scene.patientApp.pharmacies(issued.prescriptionId, grantId),
        );
        const offered = new Set(pharmacies.map(({ institutionId }) => institutionId));
        if (!offered.has(visit.counter.pharmacy.record.institutionId)) throw new Surprise('pharmacies: one is missing');
        if (forbidden.some(({ record }) => offered.has(record.institutionId))) {
          throw new Surprise('pharmacies: one that may not fill it is offered');
        }
        await fill(scene, visit, issued);
      },
    };
  },
};

/** Two lines of two products, bought together. */
export const twoLines: Kind = {
  name: 'two-lines',
  cast(director) {
    const visit = director.visit({ double: true });
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        await fill(scene, visit, await prescribe(scene, visit));
      },
    };
  },
};

/** The pharmacy takes the prescription and gives it back; another one fills it. */
export const released: Kind = {
  name: 'released',
  cast(director) {
    const visit = director.visit();
    const second = director.elsewhere(visit, director.otherCounter(visit));
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const { counter } = visit;
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, issued, counter, grantId);
        await lock(scene, issued, counter, grantId);
        accepted('release', await scene.pharmacy(counter.pharmacy).release(issued.prescriptionId, '参保人另选药店'));
        await fill(scene, second, issued);
      },
    };
  },
};

/** The pharmacist refuses in the review; another pharmacy's approves. */
export const pharmacistRefuses: Kind = {
  name: 'pharmacist-refuses',
  cast(director) {
    const visit = director.visit();
    const second = director.elsewhere(visit, director.otherCounter(visit));
    return {
      expected: ['REFUSED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const { counter } = visit;
        const { practitionerId } = counter.pharmacist.record;
        const client = scene.pharmacy(counter.pharmacy);
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, issued, counter, grantId);
        await lock(scene, issued, counter, grantId);
        accepted('history', await client.history(issued.prescriptionId, grantId, practitionerId));
        const review = pharmacistSigns(scene, issued, counter, 'REFUSED');
        const answer = await client.review(issued.prescriptionId, practitionerId, review);
        scene.log.push(accepted('review', answer).opinion);
        await fill(scene, second, issued);
      },
    };
  },
};

/** One pack is bought, the other stays open. */
export const partlyFilled: Kind = {
  name: 'partly-filled',
  cast(director) {
    const visit = director.visit({ packs: 2, single: true });
    const basket = somePacks(basketOf(visit), 1);
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        await buy(scene, visit, issued, visit.counter, grantId, basket);
      },
    };
  },
};

/** Approved at the counter, and then the patient thinks about it. */
export const leftOpen: Kind = {
  name: 'left-open',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['LEFT_OPEN'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), visit.counter);
        await find(scene, issued, visit.counter, grantId);
        await lock(scene, issued, visit.counter, grantId);
        await approve(scene, issued, visit.counter, grantId);
        scene.log.push('LEFT_OPEN');
      },
    };
  },
};
