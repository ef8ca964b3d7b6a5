import { join } from 'node:path';
import { filePlace, followAudit, GapError, type Place, RefusedError, UnprovenError } from '@erx/audit-client';
import { inWords, verifyReceipt } from '@erx/receipts';
import type { RegulatorClient } from '../clients/regulator.ts';
import type { LogKeys } from '../folder.ts';
import { accepted } from './outcome.ts';
import type { Stage } from './stage.ts';

/** Where each regulator's reading stands, by division: kept in a file as its own program would. */
export type Places = Map<string, Place>;
/**
 * `proven`: so many of them were verified against the log, byte for byte. `receipt`: of the last, verified offline, and
 * the witnesses under it.
 */
export type Reading = {
  division: string;
  read: number;
  proven: number;
  receipt?: string;
  cosigned?: string[];
  problem?: string;
};

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
 * each entry verified against the log by its public key and, where the hub has witnesses, a cosignature; of the last one
 * it takes the receipt and verifies that offline.
 */
export function readOn(stage: Stage, places: Places, keys: LogKeys): Promise<Reading[]> {
  return Promise.all(
    stage.regulators.flatMap((regulator) => {
      const place = places.get(regulator.division);
      return place === undefined ? [] : [read(regulator, place, keys)];
    }),
  );
}

async function read(regulator: RegulatorClient, place: Place, keys: LogKeys): Promise<Reading> {
  const { division } = regulator;
  const end = await endOf(regulator);
  const reading: Reading = { division, read: 0, proven: 0 };
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    if (place.get().number >= end) return reading;
    const witnesses = { keys: keys.witnesses, quorum: Math.min(1, keys.witnesses.length) };
    for await (const entry of followAudit({ ask: regulator.ask, keys: [keys.log], witnesses, place, signal })) {
      reading.read += 1;
      if (entry.proven === 'BYTES') reading.proven += 1;
      if (entry.number < end) continue;
      reading.receipt = entry.eventId;
      return { ...reading, ...(await verify(regulator, entry.eventId, entry.value, keys)) };
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

/** Who cosigned the tree of an event's receipt, or what is wrong with the receipt. */
async function verify(
  regulator: RegulatorClient,
  eventId: string,
  value: string,
  { log, witnesses }: LogKeys,
): Promise<Pick<Reading, 'cosigned' | 'problem'>> {
  const { file, event } = accepted('receipt-read', await regulator.receipt(eventId));
  if (event !== value) return { problem: `the receipt of ${eventId} is of other bytes than the entry` };
  const verdict = verifyReceipt(file, [log, ...witnesses]);
  if ('proven' in verdict) return { cosigned: verdict.proven.witnesses.map(({ name }) => name) };
  return { problem: `the receipt of ${eventId}: ${inWords(verdict).find(({ mark }) => mark === '✗')?.en}` };
}

async function endOf(regulator: RegulatorClient): Promise<number> {
  return accepted('audit', await regulator.page(0, 1)).end;
}
