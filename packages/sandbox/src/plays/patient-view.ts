import type { PrescriptionOfPharmacy } from '../clients/types.ts';
import { accepted } from './outcome.ts';
import { type Issued, patientOf } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';
import { eventually } from './wait.ts';

/** The patient shows the card to the app. Gives the grant. */
export async function signInToApp(scene: Scene, visit: Visit): Promise<string> {
  const { patientApp, identityAuthority } = scene;
  const credential = identityAuthority.credential(patientOf(visit), patientApp.clientId, scene.now());
  return accepted('patient-identity', await patientApp.checkIdentity(credential)).grantId;
}

/** The prescription on the patient's phone, as soon as it is there. */
export function patientSees(
  scene: Scene,
  { prescriptionId }: Issued,
  grantId: string,
): Promise<PrescriptionOfPharmacy> {
  return eventually('the patient sees the prescription', async () => {
    const { prescriptions } = accepted('patient-search', await scene.patientApp.prescriptions(grantId));
    return prescriptions.find((each) => each.prescriptionId === prescriptionId);
  });
}
