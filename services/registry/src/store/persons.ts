import { query, type Tx } from '@erx/postgres';
import type { Person } from '@erx/proto/registry/v1/registry_service';
import { filing, insurance, remoteFiling, person as table } from './tables.ts';

/** Content hashes of allotted persons, undefined where nothing was imported yet; the rows stay locked. */
export async function lockPersons(tx: Tx, ids: readonly string[]): Promise<Map<string, Uint8Array | undefined>> {
  const rows = await tx.db
    .select({ id: table.personId, contentHash: table.contentHash })
    .from(table)
    .where(query.inArray(table.personId, [...ids]))
    // In one order for all, so that two imports never wait for each other.
    .orderBy(table.personId)
    .for('update');
  return new Map(rows.map((row) => [row.id, row.contentHash ?? undefined]));
}

/** Whose these filings are already. */
export async function filingOwners(tx: Tx, persons: readonly Person[]): Promise<Map<string, string>> {
  const ids = persons.flatMap((person) => person.filings.map(({ filingId }) => filingId));
  const rows = await tx.db
    .select({ id: filing.filingId, personId: filing.personId })
    .from(filing)
    .where(query.inArray(filing.filingId, ids));
  return new Map(rows.map((row) => [row.id, row.personId]));
}

/** Replaces persons whole: sealed fields, sanction, insurance relations, filings. */
export async function replacePersons(tx: Tx, persons: readonly Person[]): Promise<void> {
  if (persons.length === 0) return;
  const ids = persons.map(({ personId }) => personId);
  for (const relation of [remoteFiling, insurance, filing]) {
    await tx.db.delete(relation).where(query.inArray(relation.personId, ids));
  }
  for (const { personId, nameSealed, identitySealed, phoneSealed, contentHash, nameHash, ...person } of persons) {
    const { from: agentDisabledFrom = null, to: agentDisabledTo = null } = person.agentPurchaseDisabled ?? {};
    const sealed = { nameSealed, identitySealed, phoneSealed, contentHash, nameHash };
    await tx.db
      .update(table)
      .set({ ...sealed, agentDisabledFrom, agentDisabledTo, version: query.sql`${table.version} + 1` })
      .where(query.eq(table.personId, personId));
  }
  const insurances = persons.flatMap(insuranceRows);
  const remotes = persons.flatMap(remoteRows);
  const filings = persons.flatMap(filingRows);
  if (insurances.length > 0) await tx.db.insert(insurance).values(insurances);
  if (remotes.length > 0) await tx.db.insert(remoteFiling).values(remotes);
  if (filings.length > 0) await tx.db.insert(filing).values(filings);
}

function insuranceRows({ personId, insurances }: Person) {
  return insurances.map(({ poolingRegion, insuranceType, status, period }, position) => {
    return { personId, position, poolingRegion, insuranceType, status, ...validity(period) };
  });
}

function remoteRows({ personId, insurances }: Person) {
  return insurances.flatMap(({ remoteFilings }, insurancePosition) =>
    remoteFilings.map(({ region, period }, position) => ({
      personId,
      insurancePosition,
      position,
      region,
      ...validity(period),
    })),
  );
}

function filingRows({ personId, filings }: Person) {
  return filings.map(({ benefit, ...rest }, position) => {
    return { ...rest, personId, position, benefitFrom: benefit?.from ?? null, benefitTo: benefit?.to ?? null };
  });
}

function validity(period: { from: Date | undefined; to: Date | undefined } | undefined) {
  if (period?.from === undefined) throw new Error('a period without start passed the check');
  return { validFrom: period.from, validTo: period.to ?? null };
}
