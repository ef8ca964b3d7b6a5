import { JILIN } from '../world/periods.ts';
import type { Person } from '../world/persons.ts';
import { CHANGCHUN, JILIN_CITY } from '../world/regions.ts';
import type { Director } from './director.ts';
import { arrive, askQuote, basketOf, fill, lockByQr, takeIn } from './fill.ts';
import type { Kind } from './kind.ts';
import { refused } from './outcome.ts';
import { patientOf, prescribe } from './prescribe.ts';
import type { Visit } from './visit.ts';

/** Somebody from Jilin City at a hospital and a pharmacy in Changchun. */
function awayFromHome(director: Director, isFiled: boolean): Visit {
  const who = ({ region, record }: Person): boolean =>
    region === JILIN_CITY && record.insurances.some(({ remoteFilings }) => remoteFilings.length > 0) === isFiled;
  return director.visit({ counter: director.counter(JILIN, CHANGCHUN), who });
}

/** JL-3-2c: away from home without a filing: the fund does not pay. */
export const remoteUnfiled: Kind = {
  name: 'remote-unfiled',
  cast(director) {
    const visit = awayFromHome(director, false);
    return {
      expected: ['REMOTE_FILING_REQUIRED'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await takeIn(scene, visit, issued);
        const answer = await askQuote(scene, visit, issued, visit.counter, grantId, basketOf(visit));
        refused(scene, 'quote', answer, 'REMOTE_FILING_REQUIRED');
      },
    };
  },
};

export const remoteFiled: Kind = {
  name: 'remote-filed',
  cast(director) {
    const visit = awayFromHome(director, true);
    return {
      expected: ['HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        await fill(scene, visit, await prescribe(scene, visit));
      },
    };
  },
};

/** GX-2-1d: outside Hubei a prescription circulates in its own pooling region. */
export const outOfRegion: Kind = {
  name: 'out-of-region',
  cast(director) {
    const visit = director.visit({ province: JILIN });
    const { region } = visit.counter.pharmacy;
    const far = director.counter(JILIN, region === CHANGCHUN ? JILIN_CITY : CHANGCHUN);
    return {
      expected: ['PRESCRIPTION_OUT_OF_POOLING_REGION', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const grantId = await arrive(scene, patientOf(visit), far);
        const answer = await lockByQr(scene, issued, far, grantId);
        refused(scene, 'lock', answer, 'PRESCRIPTION_OUT_OF_POOLING_REGION');
        await fill(scene, visit, issued);
      },
    };
  },
};
