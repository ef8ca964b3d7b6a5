import type { Answer, Session } from './http.ts';
import type { Grant, PrescriptionOfPharmacy } from './types.ts';

/** The app on a patient's phone (参保人应用): sees own prescriptions, and which pharmacies may fill them. */
export class PatientClient {
  readonly clientId: string;
  readonly #session: Session;

  constructor(session: Session, clientId: string) {
    this.#session = session;
    this.clientId = clientId;
  }

  checkIdentity(credential: string): Promise<Answer<Grant>> {
    return this.#post('patient-identity', '/v1/identity-checks', { credential, purpose: 'PATIENT_ACCESS' });
  }

  prescriptions(grantId: string): Promise<Answer<{ prescriptions: PrescriptionOfPharmacy[] }>> {
    return this.#post('patient-search', '/v1/prescriptions/search', { grantId });
  }

  /** The choice is the patient's: every pharmacy that may, and no other. */
  pharmacies(prescriptionId: string, grantId: string): Promise<Answer<{ pharmacies: { institutionId: string }[] }>> {
    return this.#post('patient-pharmacies', `/v1/prescriptions/${prescriptionId}/pharmacies`, { grantId });
  }

  #post<T>(step: string, path: string, body: unknown): Promise<Answer<T>> {
    return this.#session.send({ step, method: 'POST', path, body });
  }
}
