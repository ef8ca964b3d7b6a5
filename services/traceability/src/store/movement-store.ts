import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';
import type { MoveKind, TraceCode } from '../domain/trace-code.ts';

export type Movement = { holderId: string } & (
  | { kind: 'RECEIVED'; noteId: string }
  | { kind: 'RESERVED' | 'RELEASED' | 'SOLD' | 'HANDED_OVER' | 'RETURNED'; saleId: string }
  | { kind: MoveKind | 'PACK_OPENED'; moveId: bigint }
  | { kind: 'RECALLED'; recallId: string }
  | { kind: 'QUARANTINED' }
);

/** Appends one entry of the stock ledger and the custody step of each of its packages, with the state it leads to. */
export async function recordMovement(
  tx: Tx,
  movement: Movement,
  act: Act,
  codes: readonly Pick<TraceCode, 'traceCode' | 'state'>[],
): Promise<void> {
  const { actor } = act;
  const noteId = 'noteId' in movement ? movement.noteId : null;
  const saleId = 'saleId' in movement ? movement.saleId : null;
  const moveId = 'moveId' in movement ? movement.moveId.toString() : null;
  const recallId = 'recallId' in movement ? movement.recallId : null;
  await tx.sql`
    with entry as (
      insert into movement (kind, note_id, sale_id, move_id, recall_id, holder_id, place, actor_client_id, actor_role,
                            actor_institution_id, actor_operator, actor_division, business_at, machine_at,
                            profile_version)
      values (${movement.kind}, ${noteId}, ${saleId}, ${moveId}::bigint, ${recallId}, ${movement.holderId}, ${act.place},
              ${actor.clientId}, ${actor.role}, ${actor.institutionId}, ${actor.operator}, ${actor.division},
              ${act.at.toISOString()}, ${act.machineAt.toISOString()}, ${act.profileVersion})
      returning movement_id)
    insert into custody (trace_code, movement_id, state)
    select code, entry.movement_id, state
    from entry, unnest(${codes.map((code) => code.traceCode)}::text[], ${codes.map((code) => code.state)}::text[])
      as step (code, state)`;
}
