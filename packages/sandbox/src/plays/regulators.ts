import { join } from 'node:path';
import { filePlace, followAudit, GapError, type Place, RefusedError } from '@erx/audit-client';
import type { RegulatorClient } from '../clients/regulator.ts';
import { accepted } from './outcome.ts';
import type { Stage } from './stage.ts';

/** Where each regulator's reading stands, by division: kept in a file as its own program would. */
export type Places = Map<string, Place>;
export type Reading = { division: string; read: number; problem?: string };

/** A regulator that hears nothing for so long stops waiting. */
const PATIENCE_MS = 180_000;

/** Every regulator begins with what comes from now on. */
export async function placesNow(stage: Stage, dir: string): Promise<Places> {
  const ends = stage.regulators.map(async (regulator) => {
    const place = filePlace(join(dir, `regulator-${regulator.division}.place`));
    place.set(await endOf(regulator));
    return [regulator.division, place] as const;
  });
  return new Map(await Promise.all(ends));
}

/** Every regulator's program (`packages/audit-client`) follows its own numbering to what is the end now, without gaps. */
export function readOn(stage: Stage, places: Places): Promise<Reading[]> {
  return Promise.all(
    stage.regulators.flatMap((regulator) => {
      const place = places.get(regulator.division);
      return place === undefined ? [] : [read(regulator, place)];
    }),
  );
}

async function read(regulator: RegulatorClient, place: Place): Promise<Reading> {
  const { division } = regulator;
  const start = place.get();
  const end = await endOf(regulator);
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    if (start < end) {
      for await (const { number } of followAudit({ ask: regulator.ask, place, signal })) {
        if (number < end) continue;
        place.set(number);
        break;
      }
    }
    const read = place.get() - start;
    return place.get() < end ? { division, read, problem: `${end} never came` } : { division, read };
  } catch (error) {
    if (!(error instanceof GapError || error instanceof RefusedError)) throw error;
    return { division, read: place.get() - start, problem: error.message };
  } finally {
    enough.abort();
  }
}

async function endOf(regulator: RegulatorClient): Promise<number> {
  return accepted('audit', await regulator.page(0, 1)).end;
}
