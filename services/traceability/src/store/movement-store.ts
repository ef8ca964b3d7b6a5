import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';

export type Movement = { holderId: string } & (
  | { kind: 'RECEIVED'; noteId: string }
  | { kind: 'RESERVED' | 'RELEASED' | 'SOLD'; saleId: string }
);

/** Appends one entry of the stock ledger and the custody step of each of its packages. */
export async function recordMovement(tx: Tx, movement: Movement, act: Act, codes: readonly string[]): Promise<void> {
  const { actor } = act;
  const noteId = 'noteId' in movement ? movement.noteId : null;
  const saleId = 'saleId' in movement ? movement.saleId : null;
  await tx.sql`
    with entry as (
      insert into movement (kind, note_id, sale_id, holder_id, actor_client_id, actor_role, actor_institution_id,
                            actor_operator, actor_division, business_at, machine_at, profile_version)
      values (${movement.kind}, ${noteId}, ${saleId}, ${movement.holderId}, ${actor.clientId}, ${actor.role},
              ${actor.institutionId}, ${actor.operator}, ${actor.division}, ${act.at.toISOString()},
              ${act.machineAt.toISOString()}, ${act.profileVersion})
      returning movement_id)
    insert into custody (trace_code, movement_id)
    select code, entry.movement_id from entry, unnest(${[...codes]}::text[]) as code`;
}
