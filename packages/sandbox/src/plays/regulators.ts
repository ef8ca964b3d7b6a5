import type { RegulatorClient } from '../clients/regulator.ts';
import { accepted } from './outcome.ts';
import type { Stage } from './stage.ts';

/** Where each regulator's reading stands, by division. */
export type Positions = Map<string, number>;
export type Reading = { division: string; read: number; problem?: string };

export async function positions(stage: Stage): Promise<Positions> {
  const ends = stage.regulators.map(async (regulator) => {
    const { end } = accepted('audit', await regulator.page(0, 1));
    return [regulator.division, end] as const;
  });
  return new Map(await Promise.all(ends));
}

/** Every regulator reads what came since, in its own numbering, which has no gaps. */
export function readOn(stage: Stage, from: Positions): Promise<Reading[]> {
  return Promise.all(stage.regulators.map((regulator) => read(regulator, from.get(regulator.division) ?? 0)));
}

async function read(regulator: RegulatorClient, start: number): Promise<Reading> {
  const { division } = regulator;
  let after = start;
  for (;;) {
    const { entries } = accepted('audit', await regulator.page(after));
    if (entries.length === 0) return { division, read: after - start };
    for (const { number } of entries) {
      if (number !== after + 1) {
        return { division, read: after - start, problem: `${number} follows ${after}` };
      }
      after = number;
    }
  }
}
