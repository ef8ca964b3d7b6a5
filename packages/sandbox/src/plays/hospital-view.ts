import type { PrescriptionOfHospital } from '../clients/types.ts';
import { accepted, Surprise } from './outcome.ts';
import type { Issued } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';
import { eventually } from './wait.ts';

/** The hospital's view follows the events: looks until it shows what has to be there. */
export function hospitalSees(
  scene: Scene,
  visit: Visit,
  { prescriptionId }: Issued,
  what: string,
  isThere: (shown: PrescriptionOfHospital) => boolean,
): Promise<PrescriptionOfHospital> {
  const { practitionerId } = visit.doctor.record;
  return eventually(`the hospital sees ${what}`, async () => {
    const shown = accepted('read-back', await scene.hospital(visit.hospital).read(prescriptionId, practitionerId));
    return isThere(shown) ? shown : undefined;
  });
}

/** 撤方. Gives the answer: WITHDRAWN, or WAITING where a sale is in flight. */
export async function withdraw(scene: Scene, visit: Visit, issued: Issued, reason: string): Promise<string> {
  const { practitionerId } = visit.doctor.record;
  const client = scene.hospital(visit.hospital);
  const { status } = accepted('withdraw', await client.withdraw(issued.prescriptionId, reason, practitionerId));
  if (status !== 'WITHDRAWN' && status !== 'WAITING') throw new Surprise(`withdraw: ${status}`);
  return status;
}

/** Everything that was open is withdrawn, and no counter gets it any more. */
export async function isOver(scene: Scene, visit: Visit, issued: Issued, status: string): Promise<void> {
  await hospitalSees(scene, visit, issued, status, (shown) => shown.status === status);
}
