import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';
import type { Settlement } from '../domain/settlement.ts';

/** Appends who brought a settlement into this state. */
export async function recordStep(tx: Tx, saleId: string, state: Settlement['state'], act: Act): Promise<void> {
  const { actor } = act;
  await tx.sql`
    insert into settlement_step (sale_id, state, actor_client_id, actor_role, actor_institution_id, actor_operator,
                                 actor_division, business_at, machine_at, profile_version)
    values (${saleId}, ${state}, ${actor.clientId}, ${actor.role}, ${actor.institutionId}, ${actor.operator},
            ${actor.division}, ${act.at.toISOString()}, ${act.machineAt.toISOString()}, ${act.profileVersion})`;
}
