import { type Connection, Session } from './clients/http.ts';
import type { RegulatorClient } from './clients/regulator.ts';
import type { AuditEntry } from './clients/types.ts';
import { openHub, readShelf, readWorldNote, writePrivate, writeShelf } from './folder.ts';
import { Allotment } from './plays/allotment.ts';
import { accepted } from './plays/outcome.ts';
import { clockOffset, openStage, type Stage } from './plays/stage.ts';
import { type Steps, Times } from './report.ts';
import type { Institution } from './world/institutions.ts';
import { assortment } from './world/stock.ts';
import { makeWorld } from './world/world.ts';

export type PartsOptions = { hub: string; seconds: number; report: string };

/** Parts of the hub by themselves, each loaded in a closed loop for so many seconds. */
export type PartsReport = {
  /** Trace codes taken in, in notes of 2,000. */
  codesPerSecond: number;
  /** Single trace codes looked up. */
  checksPerSecond: number;
  /** Calls that the gateway answers alone. */
  gatewayCallsPerSecond: number;
  /** Entries that a regulator reads, page by page from the first. */
  entriesReadPerSecond: number;
  /** Milliseconds. */
  steps: Steps;
};

const CODES_PER_NOTE = 2_000;
/** More notes than the seconds can need. */
const NOTES_PER_SECOND = 20;
const AT_ONCE = 4;
const LONGEST_PAGE = 1_000;
const MOST_READ = 100_000;
const ISSUED = 'erx.issuing.prescription.v1';
const PATIENCE_MS = 60_000;

type Note = { pharmacy: Institution; drugCode: string; codes: string[] };

export async function loadParts({ hub, seconds, report }: PartsOptions): Promise<PartsReport> {
  const { url, authority, dir } = openHub(hub);
  const worldNote = readWorldNote(dir);
  if (worldNote === undefined) throw new Error('This hub has no sandbox world yet: run the command `world` first.');
  const world = makeWorld(worldNote.seed);
  const times = new Times();
  const connection: Connection = { url, patienceMs: PATIENCE_MS, onAnswer: times.record };
  const allotment = new Allotment(world.pharmacies, readShelf(dir));
  const notes = Array.from({ length: seconds * NOTES_PER_SECOND }, (_, index): Note => {
    const place = index % world.pharmacies.length;
    const pharmacy = existing(world.pharmacies[place]);
    const drug = existing(assortment(pharmacy, place)[0]);
    const codes = allotment.undelivered(pharmacy, drug, CODES_PER_NOTE);
    return { pharmacy, drugCode: drug.record.drugCode, codes };
  });
  writeShelf(dir, allotment.shelf);
  const stage = openStage(world, connection, await clockOffset(connection, authority));
  const session = new Session(connection, authority);

  const received: Note[] = [];
  const intake = await closed(seconds, AT_ONCE, async (nth) => {
    const note = existing(notes[nth]);
    await takeIn(stage, note);
    received.push(note);
  });
  times.clear();
  const entriesReadPerSecond = await catchUp(stage);
  const entries = await newestEntries(stage);
  const ids = entries.map(({ eventId }) => eventId);
  await closed(seconds, 1, async (nth) => {
    accepted('receipt', await regulatorOf(stage).receipt(existing(ids[nth % ids.length])));
  });
  const prescriptions = [...new Set(entries.filter(({ topic }) => topic === ISSUED).map(({ key }) => key))];
  await closed(seconds, 1, async (nth) => {
    accepted('chain', await regulatorOf(stage).chain(existing(prescriptions[nth % prescriptions.length])));
  });
  const checks = await closed(seconds, AT_ONCE, async (nth) => {
    const { pharmacy, codes } = existing(received[nth % received.length]);
    accepted('trace-code', await stage.pharmacy(pharmacy).code(existing(codes[nth % codes.length])));
  });
  const gateway = await closed(seconds, AT_ONCE, async () => {
    accepted('gateway', await session.send({ step: 'gateway', method: 'GET', path: '/v1/quota' }));
  });
  const figures: PartsReport = {
    codesPerSecond: Math.round(intake * CODES_PER_NOTE),
    checksPerSecond: Math.round(checks),
    gatewayCallsPerSecond: Math.round(gateway),
    entriesReadPerSecond: Math.round(entriesReadPerSecond),
    steps: times.summary(),
  };
  writePrivate(report, figures);
  return figures;
}

/** Entries a second that a regulator reads who was away for a week, or more. */
async function catchUp(stage: Stage): Promise<number> {
  const began = performance.now();
  let [read, most] = [0, MOST_READ];
  while (read < most) {
    const { entries, end } = accepted('audit-read', await regulatorOf(stage).page(read, LONGEST_PAGE));
    read += entries.length;
    most = Math.min(end, MOST_READ);
  }
  return (read * 1_000) / (performance.now() - began);
}

/** The newest of the division: multiplied entries before them have no receipts of their own. */
async function newestEntries(stage: Stage): Promise<AuditEntry[]> {
  const { end } = accepted('audit-read', await regulatorOf(stage).page(0, 1));
  return accepted('audit-read', await regulatorOf(stage).page(Math.max(0, end - LONGEST_PAGE), LONGEST_PAGE)).entries;
}

/** The one who sees most. */
function regulatorOf({ regulators }: Stage): RegulatorClient {
  return existing(regulators.toSorted((a, b) => a.division.localeCompare(b.division))[0]);
}

async function takeIn(stage: Stage, { pharmacy, drugCode, codes }: Note): Promise<void> {
  const [first = ''] = codes;
  const note = {
    noteId: `N-${first}`,
    drugCode,
    batchNo: `PT${first}`,
    expiresOn: '2036-12-31',
    traceCodes: codes,
  };
  const { booked } = accepted('receipt', await stage.pharmacy(pharmacy).receive([note], 'ALL_OR_NOTHING'));
  if (booked !== codes.length) throw new Error(`receipt: ${booked} booked instead of ${codes.length}`);
}

/** Times a second that `act` ended, done by so many at once. */
async function closed(seconds: number, atOnce: number, act: (nth: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  const until = began + seconds * 1_000;
  let nth = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) await act(nth++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (nth * 1_000) / (performance.now() - began);
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('more was used than was made');
  return value;
}
