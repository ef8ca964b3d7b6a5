import { arrive, fill, find, lock, pharmacistSigns, REFUSAL } from './fill.ts';
import { hospitalSees, isOver, withdraw } from './hospital-view.ts';
import type { Kind } from './kind.ts';
import { accepted, Surprise } from './outcome.ts';
import { patientOf, prescribe } from './prescribe.ts';

/**
 * The pharmacist refuses with a reason; the hospital reads it, withdraws, and issues anew with a link to the old one. Both
 * views name the other.
 */
export const reissued: Kind = {
  name: 'reissued',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['REFUSED', 'WITHDRAWN', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const { practitionerId } = counter.pharmacist.record;
        const client = scene.pharmacy(counter.pharmacy);
        const old = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), counter);
        await find(scene, old, counter, grantId);
        await lock(scene, old, counter, grantId);
        accepted('history', await client.history(old.prescriptionId, grantId, practitionerId));
        const review = pharmacistSigns(scene, old, counter, 'REFUSED');
        const { opinion } = accepted('review', await client.review(old.prescriptionId, practitionerId, review));
        scene.log.push(opinion);
        await hospitalSees(scene, visit, old, 'why the pharmacist refused', ({ steps }) =>
          steps.some(({ reason, actor }) => reason === REFUSAL && actor.role === 'PHARMACY'),
        );
        scene.log.push(await withdraw(scene, visit, old, '按药师意见重开'));
        await isOver(scene, visit, old, 'WITHDRAWN');
        const next = await prescribe(scene, visit, { replaces: old.prescriptionId });
        const shown = await hospitalSees(scene, visit, next, 'the new one', ({ status }) => status !== 'PRECHECKED');
        if (shown.replaces !== old.prescriptionId) throw new Surprise('read-back: the old one is not named');
        await hospitalSees(scene, visit, old, 'the link', ({ replacedBy }) => replacedBy === next.prescriptionId);
        await fill(scene, visit, next);
      },
    };
  },
};
