import type { Director } from './director.ts';
import { basketOf, buyAtQuote, fill, handOver, keep, quote, scanOf, takeIn, trySale } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { prescribe } from './prescribe.ts';
import type { Visit } from './visit.ts';

/** A wrong scan at the till, refused with this code; then the right packs at the same quote. */
function wrongScan(name: string, code: string, wrongCodes: (director: Director, visit: Visit) => string[]): Kind {
  return {
    name,
    cast(director) {
      const visit = director.visit({ single: true, packs: 1 });
      const traceCodes = wrongCodes(director, visit);
      return {
        expected: [code, 'HANDED_OVER'],
        persons: [visit.person],
        async act(scene) {
          const issued = await prescribe(scene, visit);
          const grantId = await takeIn(scene, visit, issued);
          const basket = basketOf(visit);
          const { quoteToken } = await quote(scene, visit, issued, visit.counter, grantId, basket);
          const lines = [{ lineNo: 1, traceCodes }];
          const answer = await trySale(scene, issued, visit.counter, { grantId, quoteToken, lines });
          refused(scene, 'sale', answer, code);
          await buyAtQuote(scene, visit, issued, visit.counter, grantId, basket, quoteToken);
        },
      };
    },
  };
}

const firstCode = ({ lines }: Visit): string => lines[0]?.codes[0] ?? '';
const firstDrug = ({ lines: [line] }: Visit) => {
  if (line === undefined) throw new RangeError('a visit without lines');
  return line.drug;
};

export const traceMissing = wrongScan('trace-missing', 'TRACE_CODE_MISSING', () => []);

/** Nineteen digits. */
export const traceMalformed = wrongScan('trace-malformed', 'TRACE_CODE_MALFORMED', (_, visit) => [
  firstCode(visit).slice(0, -1),
]);

/** Right product, but no note ever brought this package. */
export const traceUnknown = wrongScan('trace-unknown', 'TRACE_CODE_UNKNOWN', (_, visit) => [
  `${firstDrug(visit).tracePrefix}9999999999999`,
]);

export const traceProductMismatch = wrongScan(
  'trace-product-mismatch',
  'TRACE_CODE_PRODUCT_MISMATCH',
  (director, visit) => {
    const { pharmacy } = visit.counter;
    const other = director.random.pick(director.stocks(pharmacy).filter((drug) => drug !== firstDrug(visit)));
    return director.allotment.take(pharmacy, other, 1);
  },
);

/** A package of the same drug that lies in another pharmacy. */
export const traceNotHeld = wrongScan('trace-not-held', 'TRACE_CODE_NOT_HELD', (director, visit) =>
  director.allotment.take(director.otherCounter(visit).pharmacy, firstDrug(visit), 1),
);

function twoPatients(director: Director): [Visit, Visit] {
  const first = director.visit({ single: true, packs: 1 });
  const { counter, person } = first;
  return [first, director.visit({ single: true, packs: 1, counter, drug: firstDrug(first), but: person })];
}

/** The package that the patient before carried home. */
export const traceDuplicate: Kind = {
  name: 'trace-duplicate',
  cast(director) {
    const [first, second] = twoPatients(director);
    return {
      expected: ['HANDED_OVER', 'TRACE_CODE_DUPLICATE', 'HANDED_OVER'],
      persons: [first.person, second.person],
      async act(scene) {
        await fill(scene, first, await prescribe(scene, first));
        const issued = await prescribe(scene, second);
        const grantId = await takeIn(scene, second, issued);
        const basket = basketOf(second);
        const { quoteToken } = await quote(scene, second, issued, second.counter, grantId, basket);
        const lines = [{ lineNo: 1, traceCodes: [firstCode(first)] }];
        const answer = await trySale(scene, issued, second.counter, { grantId, quoteToken, lines });
        refused(scene, 'sale', answer, 'TRACE_CODE_DUPLICATE');
        await buyAtQuote(scene, second, issued, second.counter, grantId, basket, quoteToken);
      },
    };
  },
};

/** AS-07.7: two tills scan one package for two prescriptions at the same instant; the loser takes another from the shelf. */
export const twoTills: Kind = {
  name: 'two-tills',
  cast(director) {
    const visits = twoPatients(director);
    const contested = firstCode(visits[0]);
    const spare = firstCode(visits[1]);
    return {
      expected: ['TRACE_CODE_DUPLICATE', 'HANDED_OVER', 'HANDED_OVER'],
      persons: visits.map(({ person }) => person),
      async act(scene) {
        const tills = await Promise.all(
          visits.map(async (visit) => {
            const issued = await prescribe(scene, visit);
            const grantId = await takeIn(scene, visit, issued);
            const basket = basketOf(visit).map((line) => ({ ...line, codes: [contested] }));
            const { quoteToken } = await quote(scene, visit, issued, visit.counter, grantId, basket);
            return { visit, issued, grantId, basket, quoteToken };
          }),
        );
        const answers = await Promise.all(
          tills.map(({ visit, issued, grantId, basket, quoteToken }) =>
            trySale(scene, issued, visit.counter, { grantId, quoteToken, lines: scanOf(basket) }),
          ),
        );
        const place = answers.findIndex(({ ok }) => ok);
        const [winner, loser] = [tills[place], tills[1 - place]];
        const [won, lost] = [answers[place], answers[1 - place]];
        if (!winner || !loser || !won || !lost) throw new Surprise('sale: neither till could sell');
        refused(scene, 'sale', lost, 'TRACE_CODE_DUPLICATE');
        const sale = keep(scene, winner.basket, accepted('sale', won));
        await handOver(scene, winner.visit, winner.visit.counter, winner.grantId, sale);
        const { visit, issued, grantId, quoteToken } = loser;
        const basket = basketOf(visit).map((line) => ({ ...line, codes: [spare] }));
        await buyAtQuote(scene, visit, issued, visit.counter, grantId, basket, quoteToken);
      },
    };
  },
};
