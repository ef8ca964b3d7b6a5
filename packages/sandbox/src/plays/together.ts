import { HUBEI } from '../world/periods.ts';
import { EMPLOYEE } from '../world/plans.ts';
import { XIANGYANG } from '../world/regions.ts';
import { planOf } from './amounts.ts';
import { approve, arrive, basketOf, buy, find, handOver, keep, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, Surprise } from './outcome.ts';
import { type Issued, patientOf, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

const ATTEMPTS = 100;

/** GJ-6b: a hundred tills of all eligible pharmacies take it at the same instant: one has it, all others hear so. */
export const hundredLocks: Kind = {
  name: 'hundred-locks',
  once: true,
  cast(director) {
    const { world } = director;
    const visit = director.visit({ province: HUBEI });
    const counters = world.pharmacies
      .filter(({ province, admitted }) => province === HUBEI && admitted)
      .map((pharmacy) => director.at(pharmacy));
    const visits = counters.map((counter) => director.elsewhere(visit, counter));
    return {
      expected: ['ONE_OF_100', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const rivals = await inTurn(visits, async (rival) => {
          const grantId = await arrive(scene, patientOf(rival), rival.counter);
          await find(scene, issued, rival.counter, grantId);
          return { visit: rival, grantId };
        });
        const tills = Array.from({ length: ATTEMPTS }, (_, till) => rivals[till % rivals.length]).filter(
          (till) => till !== undefined,
        );
        const answers = await Promise.all(
          tills.map(async (till) => ({
            till,
            answer: await scene.pharmacy(till.visit.counter.pharmacy).lock(issued.prescriptionId, till.grantId),
          })),
        );
        const won = answers.filter(({ answer }) => answer.ok);
        const [winner] = won;
        if (winner === undefined || won.length > 1) throw new Surprise(`lock: ${won.length} tills got it`);
        const { counter } = winner.till.visit;
        for (const { till, answer } of answers) {
          if (answer.ok) continue;
          // The other tills of the same pharmacy find it taken by their own house.
          const own = till.visit.counter === counter;
          const code = answer.errors.map((error) => error.code).join('+');
          const expected = own ? 'INVALID_STATE_TRANSITION' : 'PRESCRIPTION_LOCKED_BY_OTHER';
          if (code !== expected) throw new Surprise(`lock: ${code} instead of ${expected}`);
        }
        scene.log.push(`ONE_OF_${answers.length}`);
        await approve(scene, issued, counter, winner.till.grantId);
        await buy(scene, winner.till.visit, issued, counter, winner.till.grantId);
      },
    };
  },
};

async function inTurn<T, R>(list: readonly T[], act: (entry: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const entry of list) results.push(await act(entry));
  return results;
}

/**
 * Two sales of one patient at the same instant, under one deductible and one ceiling: both settle. Whoever comes second
 * may find its quote overtaken, and asks for a new one.
 */
export const twoSalesOfOne: Kind = {
  name: 'two-sales-of-one',
  cast(director) {
    const special = { province: HUBEI, drugClass: 'SEPARATE_PAY', single: true, packs: 1 } as const;
    const first = director.visit({
      ...special,
      who: ({ region, insuranceType }) => region === XIANGYANG && insuranceType === EMPLOYEE,
    });
    const { person } = first;
    const second = director.visit({ ...special, person });
    return {
      expected: ['HANDED_OVER', 'HANDED_OVER', 'ONE_ACCOUNT'],
      persons: [person],
      async act(scene) {
        const visits = [first, second];
        const tills = await inTurn(visits, async (visit) => {
          const issued = await prescribe(scene, visit);
          const grantId = await takeIn(scene, visit, issued);
          return { visit, issued, grantId };
        });
        const quotes = await Promise.all(
          tills.map(({ visit, issued, grantId }) =>
            quote(scene, visit, issued, visit.counter, grantId, basketOf(visit)),
          ),
        );
        const sales = await Promise.all(
          tills.map((till, place) => sellInTheEnd(scene, till, quotes[place]?.quoteToken ?? '')),
        );
        for (const [place, { visit, grantId }] of tills.entries()) {
          const sale = sales[place];
          if (sale !== undefined) await handOver(scene, visit, visit.counter, grantId, sale);
        }
        const plan = planOf(scene.world, first);
        const fund = sales.reduce((sum, { amounts }) => sum + amounts.basicFen, 0);
        const deductible = sales.flatMap(({ amounts }) => amounts.lines).reduce((sum, it) => sum + it.deductibleFen, 0);
        if (fund > (plan.ceilingFen ?? 0)) throw new Surprise(`amounts: fund ${fund} above the ceiling`);
        if (deductible > plan.deductibleFen) throw new Surprise(`amounts: deductible ${deductible} taken twice`);
        scene.log.push('ONE_ACCOUNT');
      },
    };
  },
};

type Till = { visit: Visit; issued: Issued; grantId: string };

async function sellInTheEnd(scene: Scene, { visit, issued, grantId }: Till, quoteToken: string) {
  const { counter } = visit;
  const basket = basketOf(visit);
  const lines = scanOf(basket);
  const answer = await trySale(scene, issued, counter, { grantId, quoteToken, lines });
  const overtaken = !answer.ok && answer.errors.every(({ code }) => code === 'SETTLE_QUOTE_STALE');
  if (!overtaken) return keep(scene, basket, accepted('sale', answer));
  const again = await quote(scene, visit, issued, counter, grantId, basket);
  const request = { grantId, quoteToken: again.quoteToken, lines };
  return keep(scene, basket, accepted('sale', await trySale(scene, issued, counter, request)));
}
