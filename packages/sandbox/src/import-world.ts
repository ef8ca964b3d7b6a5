import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorityClient, type Imported } from './clients/authority.ts';
import { type Answer, type Connection, Session } from './clients/http.ts';
import type { Credentials } from './clients/token.ts';
import type { NoteRecord } from './world/records.ts';
import type { World } from './world/world.ts';

const PERSONS_PER_CALL = 100;
const NOTES_PER_CALL = 20;
const AT_ONCE = 3;
/** Reference data reaches every service through Kafka: until it has, an import that refers to it is refused. */
const SETTLES_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 200;

export type Progress = (line: string) => void;

/** Brings the world into the hub through its import. Safe to repeat: what is there already changes nothing. */
export async function importWorld(
  connection: Connection,
  authority: Credentials,
  world: World,
  progress: Progress,
): Promise<void> {
  const client = new AuthorityClient(new Session(connection, authority));
  const { identityAuthority, hospitals, pharmacies, doctors, hospitalPharmacists, pharmacists, drugs } = world;
  const institutions = [identityAuthority, ...hospitals, ...pharmacies].map(({ record }) => record);
  const practitioners = [...doctors, ...hospitalPharmacists, ...pharmacists].map(({ record }) => record);
  await insist('reference data', () =>
    client.importReference({
      institutions,
      practitioners,
      drugs: drugs.map(({ record }) => record),
      plans: world.plans,
    }),
  );
  progress(
    `${institutions.length} institutions, ${practitioners.length} doctors and pharmacists, ` +
      `${drugs.length} drugs, ${world.plans.length} plans`,
  );
  await insist('clients', () => client.importClients(world.clients.map(({ record }) => record)));
  progress(`${world.clients.length} clients`);
  const persons = chunks(
    world.persons.map(({ record }) => record),
    PERSONS_PER_CALL,
  );
  await inTurns(persons, (some) => insist('persons', () => client.importPersons(some)));
  progress(`${world.persons.length} insured persons`);
  await importStock(client, world.notes);
  progress(`${world.notes.reduce((sum, note) => sum + note.traceCodes.length, 0)} packages in stock`);
}

export async function importStock(client: AuthorityClient, notes: readonly NoteRecord[]): Promise<void> {
  await inTurns(chunks(notes, NOTES_PER_CALL), (some) => insist('stock', () => client.importStock(some)));
}

async function insist(what: string, ask: () => Promise<Answer<Imported>>): Promise<void> {
  const end = Date.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const answer = await ask();
    if (answer.ok) return;
    const [first] = answer.errors;
    if (Date.now() > end || answer.status === 401 || answer.status === 403) {
      throw new Error(
        `the import of ${what} was refused: ${first?.code} ${first?.field ?? ''} ${detail(first?.detail)}`,
      );
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function detail(figures: Record<string, string> | undefined): string {
  return figures === undefined ? '' : JSON.stringify(figures);
}

/** A few at once, in order of the list. */
async function inTurns<T>(list: readonly T[], act: (entry: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const entry of rest) await act(entry);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
