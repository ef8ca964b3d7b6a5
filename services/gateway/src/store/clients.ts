import type { Database, Sql, Tx } from '@erx/postgres';

/** A program with access. `jwks` is the text of its public JSON Web Key Set. */
export type Client = {
  clientId: string;
  role: string;
  institutionId: string;
  division: string;
  name: string;
  jwks: string;
};

/** Undefined also for one that is switched off. */
export async function findClient({ sql }: Pick<Database, 'sql'>, clientId: string): Promise<Client | undefined> {
  const [row] = await sql<Client[]>`
    select client_id as "clientId", role, institution_id as "institutionId", division, name, jwks
    from client where client_id = ${clientId} and suspended_at is null`;
  return row;
}

/** Stores a client; true when that changed anything. */
export async function saveClient({ sql }: Pick<Tx, 'sql'>, client: Client, at: Date): Promise<boolean> {
  const { clientId, role, institutionId, division, name, jwks } = client;
  const { count } = await sql`
    insert into client (client_id, role, institution_id, division, name, jwks, changed_at)
    values (${clientId}, ${role}, ${institutionId}, ${division}, ${name}, ${jwks}, ${at.toISOString()})
    on conflict (client_id) do update
      set role = excluded.role, institution_id = excluded.institution_id, division = excluded.division,
          name = excluded.name, jwks = excluded.jwks, changed_at = excluded.changed_at
      where (client.role, client.institution_id, client.division, client.name, client.jwks)
        is distinct from (excluded.role, excluded.institution_id, excluded.division, excluded.name, excluded.jwks)`;
  return count === 1;
}

/** Channel that says: other clients are switched off now. */
export const CLIENTS_SWITCHED = 'erx_clients_switched';

export async function suspendedClients(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select client_id as id from client where suspended_at is not null`;
  return rows.map(({ id }) => id);
}

/** Switches a client off or on. `changed`: it was not so before; undefined: there is no such client. */
export async function suspendClient(
  { sql }: Pick<Tx, 'sql'>,
  clientId: string,
  since: Date | undefined,
): Promise<{ changed: boolean; institutionId: string; division: string } | undefined> {
  const [before] = await sql<{ institutionId: string; division: string; suspended: boolean }[]>`
    select institution_id as "institutionId", division, suspended_at is not null as suspended
    from client where client_id = ${clientId} for update`;
  if (before === undefined) return undefined;
  const { suspended, ...client } = before;
  const changed = suspended !== (since !== undefined);
  if (changed) {
    await sql`update client set suspended_at = ${since?.toISOString() ?? null} where client_id = ${clientId}`;
    await sql`select pg_notify(${CLIENTS_SWITCHED}, '')`;
  }
  return { ...client, changed };
}
