import type { Database } from '@erx/postgres';
import { query } from '@erx/postgres';
import type {
  GetEntitlementRequest,
  GetEntitlementResponse,
  RemoteFiling,
} from '@erx/proto/registry/v1/registry_service';
import { filing, insurance, person, remoteFiling } from '../store/tables.ts';

/**
 * All insurance relations, filings and the sanction of a person with their periods, in the order of the import; empty for a person
 * nobody imported. Which of them count on a day is the asker's decision, who stores them with it.
 */
export async function getEntitlement(
  database: Database,
  request: GetEntitlementRequest,
): Promise<GetEntitlementResponse> {
  // A text that is no UUID names nobody.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(request.personId)) return { insurances: [], filings: [] };
  const of = { person: request.personId };
  const { eq } = query;
  const [insurances, remotes, filings, [sanction]] = await Promise.all([
    database.db.select().from(insurance).where(eq(insurance.personId, of.person)).orderBy(insurance.position),
    database.db.select().from(remoteFiling).where(eq(remoteFiling.personId, of.person)).orderBy(remoteFiling.position),
    database.db.select().from(filing).where(eq(filing.personId, of.person)).orderBy(filing.position),
    database.db
      .select({ from: person.agentDisabledFrom, to: person.agentDisabledTo })
      .from(person)
      .where(eq(person.personId, of.person)),
  ]);
  return {
    insurances: insurances.map((row) => ({
      poolingRegion: row.poolingRegion,
      insuranceType: row.insuranceType,
      status: row.status,
      period: { from: row.validFrom, to: row.validTo ?? undefined },
      remoteFilings: remotes.filter((remote) => remote.insurancePosition === row.position).map(toRemoteFiling),
    })),
    filings: filings.map(({ personId: _, position: __, benefitFrom, benefitTo, ...rest }) => ({
      ...rest,
      benefit: benefitFrom === null ? undefined : { from: benefitFrom, to: benefitTo ?? undefined },
    })),
    agentPurchaseDisabled: sanction?.from ? { from: sanction.from, to: sanction.to ?? undefined } : undefined,
  };
}

function toRemoteFiling(row: typeof remoteFiling.$inferSelect): RemoteFiling {
  return { region: row.region, period: { from: row.validFrom, to: row.validTo ?? undefined } };
}
