import { type Database, query, rowsOf, type Tx } from '@erx/postgres';
import { type Holder, identityCheck, identityCheckAgent, presentedCredential } from './tables.ts';

export type IdentityCheck = typeof identityCheck.$inferSelect;
export type CheckAgent = Omit<typeof identityCheckAgent.$inferSelect, 'checkId'>;
/** A check with the agent (代办人) who came for the patient, if any. */
export type Grant = IdentityCheck & { agent: CheckAgent | undefined };

/** A credential as it was shown, and for whom. */
export type Presented = { authorityId: string; credentialId: string; holder: Holder };

// A text that is no UUID names nothing; the database would refuse it.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Stores a check; gives those whose credential was good for another check before: then nothing of this may stay. */
export async function addCheck(tx: Tx, { agent, ...check }: Grant, presented: readonly Presented[]): Promise<Holder[]> {
  const { checkId } = check;
  const inserted = await tx.db
    .insert(identityCheck)
    .values(check)
    .onConflictDoNothing({ target: [identityCheck.authorityId, identityCheck.credentialId] })
    .returning({ checkId: identityCheck.checkId });
  if (inserted.length === 0) return ['PATIENT'];
  if (agent !== undefined) await tx.db.insert(identityCheckAgent).values({ ...agent, checkId });
  const fresh = await tx.db
    .insert(presentedCredential)
    .values(presented.map((each) => ({ ...each, checkId })))
    .onConflictDoNothing()
    .returning({ holder: presentedCredential.holder });
  return presented.map(({ holder }) => holder).filter((holder) => !fresh.some((each) => each.holder === holder));
}

/** Those whose credential was good for a check before. */
export async function usedBefore({ db }: Database, presented: readonly Presented[]): Promise<Holder[]> {
  const { authorityId, credentialId } = presentedCredential;
  const used = await db
    .select({ authorityId, credentialId })
    .from(presentedCredential)
    .where(
      query.inArray(
        credentialId,
        presented.map((each) => each.credentialId),
      ),
    );
  return presented
    .filter((each) =>
      used.some((row) => row.authorityId === each.authorityId && row.credentialId === each.credentialId),
    )
    .map(({ holder }) => holder);
}

const checkOf = rowsOf(identityCheck);

export async function findGrant({ db, sql }: Database, grantId: string): Promise<Grant | undefined> {
  if (!UUID.test(grantId)) return undefined;
  const [row] = await sql<{ check_id: string; with_agent: boolean }[]>`
    select *, exists (select from identity_check_agent as agent where agent.check_id = identity_check.check_id)
      as with_agent
    from identity_check where grant_id = ${grantId}`;
  if (row === undefined) return undefined;
  const [agent] = row.with_agent
    ? await db.select().from(identityCheckAgent).where(query.eq(identityCheckAgent.checkId, row.check_id))
    : [];
  return { ...checkOf(row), agent };
}
