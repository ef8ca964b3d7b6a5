import assert from 'node:assert/strict';
import { type Attempt, attempt, chainOf, requestOf, type Strangers, type Who } from './attempt.ts';

/** Another app, to which the same patient showed the card; and the same app with the grant of another patient. */
export function asPatient(strangers: Strangers): Attempt[] {
  const { theirs, grants } = strangers;
  const { circulating, grant, appGrant } = theirs;
  const otherApp: Who = { role: 'PATIENT', client: 'patient-elsewhere' };
  const otherPatient: Who = { role: 'PATIENT', client: 'patient-app' };
  const list = `/v1/prescriptions/${circulating.prescriptionId}/pharmacies`;
  const search = '/v1/prescriptions/search';
  const shown = { credential: theirs.credential, purpose: 'PATIENT_ACCESS' };
  return [
    attempt(
      otherApp,
      'identity.check',
      'card shown to a pharmacy',
      ['POST', '/v1/identity-checks', shown],
      'CREDENTIAL_INVALID',
    ),
    attempt(
      otherApp,
      'prescription.find',
      'grant of another app',
      ['POST', search, { grantId: appGrant }],
      'GRANT_INVALID',
      appGrant,
    ),
    attempt(
      otherApp,
      'prescription.find',
      'grant of a pharmacy',
      ['POST', search, { grantId: grant }],
      'GRANT_INVALID',
      grant,
    ),
    attempt(
      otherPatient,
      'prescription.find',
      'another patient’s',
      ['POST', search, { grantId: grants.otherApp, qr: circulating.qr }],
      ({ status, body, codes }) => {
        const found = (body['prescriptions'] ?? []) as unknown[];
        assert.ok(status === 200 ? found.length === 0 : codes.length > 0, JSON.stringify(body));
      },
    ),
    attempt(
      otherApp,
      'pharmacy.list',
      'grant of another app',
      ['POST', list, { grantId: appGrant }],
      'GRANT_INVALID',
      appGrant,
    ),
    attempt(
      otherPatient,
      'pharmacy.list',
      'another patient’s',
      ['POST', list, { grantId: grants.otherApp }],
      'PRESCRIPTION_NOT_FOUND',
      circulating.prescriptionId,
    ),
    requestOf(otherApp, strangers),
    ...chainOf(otherPatient, strangers, grants.otherApp),
    ...chainOf(otherApp, strangers, appGrant, 'GRANT_INVALID'),
    ...chainOf(otherApp, strangers, grant, 'GRANT_INVALID'),
  ];
}
