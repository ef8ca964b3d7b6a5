import { HUBEI } from '../world/periods.ts';
import { approve, arrive, askQuote, basketOf, buy, fill, find, lock, lockByQr, pharmacistSigns } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { patientOf, prescribe } from './prescribe.ts';

/** HB-24b: somebody else's card with this patient's QR, or at the counter that has taken the prescription. */
export const wrongPerson: Kind = {
  name: 'wrong-person',
  cast(director) {
    const visit = director.visit();
    const stranger = director.person(visit.person.province, 'GOOD');
    const withQr = director.random.below(2) === 0;
    return {
      expected: ['PRESCRIPTION_PATIENT_MISMATCH', 'HANDED_OVER'],
      persons: [visit.person, stranger],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, issued, counter, grantId);
        const other = await arrive(scene, patientOf({ ...visit, person: stranger }), counter);
        if (withQr) {
          const answer = await scene.pharmacy(counter.pharmacy).lock(issued.prescriptionId, other, issued.qr);
          refused(scene, 'lock', answer, 'PRESCRIPTION_PATIENT_MISMATCH');
        }
        await lock(scene, issued, counter, grantId);
        await approve(scene, issued, counter, grantId);
        if (!withQr) {
          const answer = await askQuote(scene, visit, issued, counter, other, basketOf(visit));
          refused(scene, 'quote', answer, 'PRESCRIPTION_PATIENT_MISMATCH');
        }
        await buy(scene, visit, issued, counter, grantId);
      },
    };
  },
};

/** AS-05: an insurance pharmacy that is not dual-channel. */
export const notDualPharmacy: Kind = {
  name: 'not-dual-pharmacy',
  cast(director) {
    const visit = director.visit({ province: HUBEI });
    const outside = director.world.pharmacies.filter(
      ({ province, record }) => province === HUBEI && record.designations.length === 0,
    );
    const counter = director.at(director.random.pick(outside));
    return {
      expected: ['PHARMACY_NOT_DUAL_CHANNEL', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), counter);
        const answer = await lockByQr(scene, issued, counter, grantId);
        refused(scene, 'lock', answer, 'PHARMACY_NOT_DUAL_CHANNEL');
        await fill(scene, visit, issued);
      },
    };
  },
};

/** Two pharmacies take it at the same instant: one has it, the other hears so. */
export const twoPharmacies: Kind = {
  name: 'two-pharmacies',
  cast(director) {
    const first = director.visit();
    const second = director.elsewhere(first, director.otherCounter(first));
    return {
      expected: ['PRESCRIPTION_LOCKED_BY_OTHER', 'HANDED_OVER'],
      persons: [first.person],
      async act(scene) {
        const issued = await prescribe(scene, first);
        const rivals = await Promise.all(
          [first, second].map(async (visit) => {
            const grantId = await arrive(scene, patientOf(visit), visit.counter);
            await find(scene, issued, visit.counter, grantId);
            return { visit, grantId };
          }),
        );
        const answers = await Promise.all(
          rivals.map(({ visit, grantId }) =>
            scene.pharmacy(visit.counter.pharmacy).lock(issued.prescriptionId, grantId),
          ),
        );
        const place = answers.findIndex(({ ok }) => ok);
        const winner = rivals[place];
        const lost = answers[1 - place];
        if (winner === undefined || lost === undefined) throw new Surprise('lock: nobody got it');
        refused(scene, 'lock', lost, 'PRESCRIPTION_LOCKED_BY_OTHER');
        const { visit, grantId } = winner;
        await approve(scene, issued, visit.counter, grantId);
        await buy(scene, visit, issued, visit.counter, grantId);
      },
    };
  },
};

/** GX-3b: what is used up stays used up. */
export const alreadyUsed: Kind = {
  name: 'already-used',
  cast(director) {
    const visit = director.visit();
    const counter = director.otherCounter(visit);
    return {
      expected: ['HANDED_OVER', 'PRESCRIPTION_ALREADY_USED'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        await fill(scene, visit, issued);
        const grantId = await arrive(scene, patientOf(visit), counter);
        const answer = await scene.pharmacy(counter.pharmacy).lock(issued.prescriptionId, grantId, issued.qr);
        refused(scene, 'lock', answer, 'PRESCRIPTION_ALREADY_USED');
      },
    };
  },
};

/** HB-28a: no price before the pharmacist has approved. */
export const reviewMissing: Kind = {
  name: 'review-missing',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['PHARMACIST_REVIEW_MISSING', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, issued, counter, grantId);
        await lock(scene, issued, counter, grantId);
        const answer = await askQuote(scene, visit, issued, counter, grantId, basketOf(visit));
        refused(scene, 'quote', answer, 'PHARMACIST_REVIEW_MISSING');
        await approve(scene, issued, counter, grantId);
        await buy(scene, visit, issued, counter, grantId);
      },
    };
  },
};

/** HB-28b: the hub itself knows whether this pharmacist has read the history. */
export const historyNotViewed: Kind = {
  name: 'history-not-viewed',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['HISTORY_NOT_VIEWED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const { practitionerId } = counter.pharmacist.record;
        const client = scene.pharmacy(counter.pharmacy);
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, issued, counter, grantId);
        await lock(scene, issued, counter, grantId);
        const review = pharmacistSigns(scene, issued, counter);
        const answer = await client.review(issued.prescriptionId, practitionerId, review);
        refused(scene, 'review', answer, 'HISTORY_NOT_VIEWED');
        accepted('history', await client.history(issued.prescriptionId, grantId, practitionerId));
        accepted('review', await client.review(issued.prescriptionId, practitionerId, review));
        await buy(scene, visit, issued, counter, grantId);
      },
    };
  },
};
