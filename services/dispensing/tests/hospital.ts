// The hospital's acts on a circulating prescription, as issuing passes them on; and what is left of a prescription.
import type { EventContext } from '@erx/proto/common/v1/common';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import { actorOf as actorFrom } from '@erx/rpc';
import type { TestDispensing } from './support.ts';
import { H1 } from './world.ts';

const actor = actorFrom({ clientId: 'h1', role: 'HOSPITAL', institutionId: H1.institutionId, operator: 'D1' });

export function openHospital({ asIssuing }: Pick<TestDispensing, 'asIssuing'>) {
  return {
    actor,
    withdraw: (prescriptionId: string, reason = '诊断更正', hospitalId = H1.institutionId) =>
      asIssuing.withdraw({ prescriptionId, hospitalId, reason }, { actor }),
    /** Another doctor has signed; issuing and verification have checked that. */
    resume: (prescriptionId: string, doctorId: string) =>
      asIssuing.resume({ prescriptionId, doctorId, evidence: { ...evidence, signer: doctorId } }, { actor }),
  };
}

const evidence = {
  role: 'ENDORSEMENT',
  format: 'SM2_RAW',
  bytesSm3: 'cd'.repeat(32),
  content: new Uint8Array([1]),
  contentSealed: false,
  signature: 's',
  keyId: 'k',
  signedAt: undefined,
  result: 'VALID',
};

/** State and quantities, line 1 first. */
export async function remains(
  { database }: TestDispensing,
  { prescriptionId }: Pick<PrescriptionCirculating, 'prescriptionId'>,
) {
  const rows = await database.sql`
    select status, open, held, sold, withdrawn, expired from prescription join prescription_line using (prescription_id)
    where prescription_id = ${prescriptionId} order by line_no`;
  const packs = rows.map(({ open, held, sold, withdrawn, expired }) =>
    [open, held, sold, withdrawn, expired].map((quantity) => Number(quantity) / 10_000),
  );
  return [rows[0]?.['status'], ...packs] as const;
}

export async function lastEvent(hub: TestDispensing, { prescriptionId }: { prescriptionId: string }) {
  return (await hub.eventsOf(prescriptionId)).at(-1);
}

type Told = { payload: Record<string, unknown> } | undefined;

export function contextOf(event: Told): EventContext | undefined {
  return event?.payload['context'] as EventContext | undefined;
}

export function actorOf(event: Told) {
  return contextOf(event)?.actor;
}

/** Why, as the refusal tells it. */
export function figures(outcome: object): Record<string, string> {
  return 'refused' in outcome ? ((outcome.refused as { detail?: Record<string, string> }[])[0]?.detail ?? {}) : {};
}
