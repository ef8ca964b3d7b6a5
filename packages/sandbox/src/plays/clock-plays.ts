import { arrive, askQuote, basketOf, buy, fill, find, somePacks, takeIn } from './fill.ts';
import { hospitalSees, isOver } from './hospital-view.ts';
import type { ClockKind } from './last-act.ts';
import { refused, Surprise } from './outcome.ts';
import { type Issued, patientOf, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

const MINUTE = 60_000;
/** A grant lives for thirty minutes, a lock for 24 hours, a prescription without another term for three days. */
const [AFTER_GRANT, AFTER_LOCK, AFTER_VALIDITY] = [31 * MINUTE, 25 * 60 * MINUTE, 4 * 24 * 60 * MINUTE];

/** What one step leaves for the next. */
function later<T>(): { set(value: T): void; get(): T } {
  let kept: { value: T } | undefined;
  return {
    set(value) {
      kept = { value };
    },
    get() {
      if (kept === undefined) throw new Surprise('the step before left nothing');
      return kept.value;
    },
  };
}

/** HB-23a: half an hour later the card has to be shown again. */
export const expiredGrant: ClockKind = {
  name: 'expired-grant',
  cast(director) {
    const visit = director.visit();
    const { counter } = visit;
    const taken = later<{ issued: Issued; grantId: string }>();
    return {
      expected: ['GRANT_INVALID', 'HANDED_OVER'],
      persons: [visit.person],
      steps: [
        {
          after: 0,
          async act(scene) {
            const issued = await prescribe(scene, visit);
            taken.set({ issued, grantId: await takeIn(scene, visit, issued) });
          },
        },
        {
          after: AFTER_GRANT,
          async act(scene) {
            const { issued, grantId } = taken.get();
            const answer = await askQuote(scene, visit, issued, counter, grantId, basketOf(visit));
            refused(scene, 'quote', answer, 'GRANT_INVALID');
            await buy(scene, visit, issued, counter, await arrive(scene, patientOf(visit), counter));
          },
        },
      ],
    };
  },
};

/** SM-4: whoever takes a prescription and does nothing for a day has lost it; another pharmacy fills it. */
export const lockTimesOut: ClockKind = {
  name: 'lock-times-out',
  cast(director) {
    const visit = director.visit();
    const second = director.elsewhere(visit, director.otherCounter(visit));
    const left = later<Issued>();
    return {
      expected: ['TIMED_OUT', 'HANDED_OVER'],
      persons: [visit.person],
      steps: [
        {
          after: 0,
          async act(scene) {
            const issued = await prescribe(scene, visit);
            await takeIn(scene, visit, issued);
            left.set(issued);
          },
        },
        {
          after: AFTER_LOCK,
          async act(scene) {
            const issued = left.get();
            await hospitalSees(scene, visit, issued, 'that the lock is over', ({ status }) => status === 'CIRCULATING');
            scene.log.push('TIMED_OUT');
            await fill(scene, second, issued);
          },
        },
      ],
    };
  },
};

/** Nobody gets it any more, and the hospital sees that it has expired. */
async function hasExpired(scene: Scene, visit: Visit, issued: Issued): Promise<void> {
  const { pharmacy } = visit.counter;
  const grantId = await arrive(scene, patientOf(visit), visit.counter);
  const answer = await scene.pharmacy(pharmacy).lock(issued.prescriptionId, grantId, issued.qr);
  refused(scene, 'lock', answer, 'PRESCRIPTION_EXPIRED');
  await isOver(scene, visit, issued, 'EXPIRED');
}

export const expires: ClockKind = {
  name: 'expires',
  cast(director) {
    const visit = director.visit();
    const open = later<Issued>();
    return {
      expected: ['PRESCRIPTION_EXPIRED'],
      persons: [visit.person],
      steps: [
        {
          after: 0,
          async act(scene) {
            const issued = await prescribe(scene, visit);
            await find(scene, issued, visit.counter, await arrive(scene, patientOf(visit), visit.counter));
            open.set(issued);
          },
        },
        { after: AFTER_VALIDITY, act: (scene) => hasExpired(scene, visit, open.get()) },
      ],
    };
  },
};

/** One of two packs was bought in time; the other has expired. */
export const restExpires: ClockKind = {
  name: 'rest-expires',
  cast(director) {
    const visit = director.visit({ packs: 2, single: true });
    const half = later<Issued>();
    return {
      expected: ['HANDED_OVER', 'PRESCRIPTION_EXPIRED'],
      persons: [visit.person],
      steps: [
        {
          after: 0,
          async act(scene) {
            const issued = await prescribe(scene, visit);
            const grantId = await takeIn(scene, visit, issued);
            await buy(scene, visit, issued, visit.counter, grantId, somePacks(basketOf(visit), 1));
            half.set(issued);
          },
        },
        {
          after: AFTER_VALIDITY,
          async act(scene) {
            await hasExpired(scene, visit, half.get());
            await hospitalSees(scene, visit, half.get(), 'the sold part', ({ fills }) =>
              fills.some(({ state }) => state === 'HANDED_OVER'),
            );
          },
        },
      ],
    };
  },
};
