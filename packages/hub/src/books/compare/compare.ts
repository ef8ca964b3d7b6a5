import type { Ledgers } from '../read/ledgers.ts';
import { compareAnswers, type SaleAnswer } from './answers.ts';
import { compareCodes } from './codes.ts';
import { compareEvents } from './events.ts';
import { compareMoney } from './money.ts';
import { comparePersons } from './persons.ts';
import { compareQuantities } from './quantities.ts';
import type { Row } from './row.ts';
import { compareSales } from './sales.ts';

/** All comparisons, in the order in which they are read; answers at the tills where somebody wrote them down. */
export function compare(ledgers: Ledgers, answers?: readonly SaleAnswer[]): Row[] {
  return [
    ...compareQuantities(ledgers),
    ...compareCodes(ledgers),
    compareSales(ledgers),
    ...compareMoney(ledgers),
    ...(answers === undefined ? [] : [compareAnswers(answers, ledgers)]),
    comparePersons(ledgers),
    ...compareEvents(ledgers),
  ];
}
