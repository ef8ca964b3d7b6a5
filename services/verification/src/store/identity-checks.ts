import { type Database, query, type Tx } from '@erx/postgres';
import { identityCheck } from './tables.ts';

export type IdentityCheck = typeof identityCheck.$inferSelect;

// A text that is no UUID names nothing; the database would refuse it.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** False when this credential gave a grant before. */
export async function addCheck(tx: Tx, check: IdentityCheck): Promise<boolean> {
  const added = await tx.db
    .insert(identityCheck)
    .values(check)
    .onConflictDoNothing({ target: [identityCheck.authorityId, identityCheck.credentialId] })
    .returning({ checkId: identityCheck.checkId });
  return added.length === 1;
}

export async function findGrant({ db }: Database, grantId: string): Promise<IdentityCheck | undefined> {
  if (!UUID.test(grantId)) return undefined;
  const [row] = await db.select().from(identityCheck).where(query.eq(identityCheck.grantId, grantId));
  return row;
}
