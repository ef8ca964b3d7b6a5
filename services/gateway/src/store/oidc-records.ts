import type { Database } from '@erx/postgres';

/** Records of the token endpoint that live until a machine time. */
export type OidcRecords = ReturnType<typeof oidcRecords>;

const SWEEP = 20;

export function oidcRecords({ sql }: Database, now: () => Date) {
  return {
    async find(model: string, id: string): Promise<string | undefined> {
      const [row] = await sql<{ payload: string }[]>`
        select payload from oidc_record where model = ${model} and id = ${id} and expires_at > ${now().toISOString()}`;
      return row?.payload;
    },
    /** False when there is one already: of two writers at the same instant one wins. Takes some expired ones along. */
    async add(model: string, id: string, payload: string, lifeSeconds: number): Promise<boolean> {
      const at = now();
      await sql`
        delete from oidc_record where (model, id) in (
          select model, id from oidc_record where expires_at <= ${at.toISOString()} limit ${SWEEP} for update skip locked)`;
      const { count } = await sql`
        insert into oidc_record (model, id, payload, expires_at)
        values (${model}, ${id}, ${payload}, ${new Date(at.getTime() + lifeSeconds * 1_000).toISOString()}) on conflict do nothing`;
      return count === 1;
    },
  };
}
