import { type Database, query, type Tx } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { Step } from '../domain/steps.ts';
import { step as table } from './tables.ts';

/** Who did it, when, and the profile version that it was judged by. */
export type Act = { actor: Actor; at: Date; machineAt: Date; profileVersion: string; eventId: string };
export type StepRow = typeof table.$inferSelect;

/** Appends steps in their order. Where a person signed, the operator is that person and not the program that called. */
export async function appendSteps(tx: Tx, prescriptionId: string, steps: readonly Step[], act: Act): Promise<void> {
  const { actor, at: businessAt, machineAt, profileVersion, eventId } = act;
  const { clientId, role, institutionId, operator, division } = actor;
  await tx.sql`
    insert into step (prescription_id, name, business_at, machine_at, actor_client_id, actor_role, actor_institution_id,
                      actor_operator, actor_division, profile_version, event_id, reason)
    select ${prescriptionId}::uuid, name, ${businessAt.toISOString()}::timestamptz, ${machineAt.toISOString()}::timestamptz,
           ${clientId}, ${role}, ${institutionId}, operator, ${division}, ${profileVersion}, ${eventId}::uuid, reason
    from unnest(${steps.map(({ name }) => name)}::text[], ${steps.map(({ signer }) => signer ?? operator)}::text[],
                ${steps.map(({ reason }) => reason ?? '')}::text[]) as taken (name, operator, reason)`;
}

/** Every step of a prescription, by business time; steps of one moment in the order they were taken. */
export async function findSteps({ db }: Pick<Database, 'db'>, prescriptionId: string): Promise<StepRow[]> {
  return db
    .select()
    .from(table)
    .where(query.eq(table.prescriptionId, prescriptionId))
    .orderBy(table.businessAt, table.stepId);
}
