import { join } from 'node:path';
import { filePlace, followAudit, GapError, type Place, RefusedError, UnprovenError } from '@erx/audit-client';
import { inWords, verifyReceipt } from '@erx/receipts';
import type { RegulatorClient } from '../clients/regulator.ts';
import { accepted } from './outcome.ts';
import type { Stage } from './stage.ts';

/** Where each regulator's reading stands, by division: kept in a file as its own program would. */
export type Places = Map<string, Place>;
/** `proven`: so many of them were verified against the log, byte for byte. `receipt`: of the last, verified offline. */
export type Reading = { division: string; read: number; proven: number; receipt?: string; problem?: string };

/** A regulator that hears nothing for so long stops waiting. */
const PATIENCE_MS = 180_000;

/** Every regulator begins with what comes from now on; the tree that it saw before stays what the next is compared with. */
export async function placesNow(stage: Stage, dir: string): Promise<Places> {
  const ends = stage.regulators.map(async (regulator) => {
    const place = filePlace(join(dir, `regulator-${regulator.division}.place`));
    place.set({ ...place.get(), number: await endOf(regulator) });
    return [regulator.division, place] as const;
  });
  return new Map(await Promise.all(ends));
}

/**
 * Every regulator's program (`packages/audit-client`) follows its own numbering to what is the end now, without gaps,
 * each entry verified against the log by its public key; of the last one it takes the receipt and verifies that offline.
 */
export function readOn(stage: Stage, places: Places, logKey: string): Promise<Reading[]> {
  return Promise.all(
    stage.regulators.flatMap((regulator) => {
      const place = places.get(regulator.division);
      return place === undefined ? [] : [read(regulator, place, logKey)];
    }),
  );
}

async function read(regulator: RegulatorClient, place: Place, logKey: string): Promise<Reading> {
  const { division } = regulator;
  const end = await endOf(regulator);
  const reading: Reading = { division, read: 0, proven: 0 };
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    if (place.get().number >= end) return reading;
    for await (const entry of followAudit({ ask: regulator.ask, keys: [logKey], place, signal })) {
      reading.read += 1;
      if (entry.proven === 'BYTES') reading.proven += 1;
      if (entry.number < end) continue;
      reading.receipt = entry.eventId;
      const problem = await verify(regulator, entry.eventId, entry.value, logKey);
      return problem === undefined ? reading : { ...reading, problem };
    }
    return { ...reading, problem: `${end} never came` };
  } catch (error) {
    const isExpected = error instanceof GapError || error instanceof UnprovenError || error instanceof RefusedError;
    if (!isExpected) throw error;
    return { ...reading, problem: error.message };
  } finally {
    enough.abort();
  }
}

/** What is wrong with the receipt of an event, if anything is. */
async function verify(regulator: RegulatorClient, eventId: string, value: string, logKey: string) {
  const { file, event } = accepted('receipt-read', await regulator.receipt(eventId));
  if (event !== value) return `the receipt of ${eventId} is of other bytes than the entry`;
  const verdict = verifyReceipt(file, [logKey]);
  return 'proven' in verdict
    ? undefined
    : `the receipt of ${eventId}: ${inWords(verdict).find(({ mark }) => mark === '✗')?.en}`;
}

async function endOf(regulator: RegulatorClient): Promise<number> {
  return accepted('audit', await regulator.page(0, 1)).end;
}
