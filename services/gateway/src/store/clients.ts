import type { Database, Tx } from '@erx/postgres';

/** A program with access. `jwks` is the text of its public JSON Web Key Set. */
export type Client = {
  clientId: string;
  role: string;
  institutionId: string;
  division: string;
  name: string;
  jwks: string;
};

export async function findClient({ sql }: Pick<Database, 'sql'>, clientId: string): Promise<Client | undefined> {
  const [row] = await sql<Client[]>`
    select client_id as "clientId", role, institution_id as "institutionId", division, name, jwks
    from client where client_id = ${clientId}`;
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
