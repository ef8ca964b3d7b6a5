import { prescribe } from '@erx/sandbox';
import { type Attempt, attempt, chainOf, requestOf, type Strangers, type Who } from './attempt.ts';

/** Another admitted hospital of the same city, in the name of a doctor who may prescribe there. */
export function asHospital(strangers: Strangers): Attempt[] {
  const { scene, world, theirs } = strangers;
  const { pending, circulating, locked } = theirs;
  const hospital = world.hospitals.find(
    ({ fixture, admitted, region }) => fixture === '' && admitted && region === theirs.hospital.region,
  );
  const id = hospital?.record.institutionId;
  const doctor = world.doctors.find(({ record, filed }) => record.institutionId === id && filed);
  if (doctor === undefined) throw new RangeError('nobody may prescribe there');
  const { practitionerId } = doctor.record;
  const who: Who = { role: 'HOSPITAL', client: `hospital-${id}`, operator: practitionerId };
  const at = (path: string) => `/v1/prescriptions/${path}`;
  const prescribed = { ...pending.prescribed, doctorId: practitionerId };
  const document = Buffer.from(pending.document.bytes).toString('base64');
  const upload = { document, evidence: pending.evidence };
  const pharmacist = world.hospitalPharmacists.find(({ record }) => record.institutionId === id);
  if (hospital === undefined || pharmacist === undefined) throw new RangeError('nobody reviews there');
  // Their numbers in a document of one's own, signed by one's own people.
  const visit = { ...pending.visit, hospital, doctor, hospitalPharmacist: pharmacist };
  const forged = prescribe.doctorSigns(visit, prescribed, pending.prechecked);
  const ownUpload = {
    document: Buffer.from(forged.bytes).toString('base64'),
    evidence: prescribe.evidenceFor(scene, visit, pending.prechecked, forged),
  };
  const endorsement = { doctorId: practitionerId, document, signature: pending.document.signature };
  const inTheirName = { ...who, operator: theirs.doctor.record.practitionerId };
  const replacing = { ...prescribed, replaces: circulating.prescriptionId };
  const notFound = 'PRESCRIPTION_NOT_FOUND';
  return [
    attempt(
      who,
      'prescription.precheck',
      'replaces theirs',
      ['POST', at('pre-check'), replacing],
      'REQUEST_INVALID',
      circulating.prescriptionId,
    ),
    attempt(
      inTheirName,
      'prescription.precheck',
      'by their doctor',
      ['POST', at('pre-check'), pending.prescribed],
      'DOCTOR_NOT_AT_INSTITUTION',
    ),
    attempt(
      who,
      'prescription.upload',
      'as they signed it',
      ['POST', at(`${pending.prescriptionId}/upload`), upload],
      'DOCTOR_NOT_AT_INSTITUTION,PHARMACIST_NOT_LICENSED',
    ),
    attempt(
      who,
      'prescription.upload',
      'signed by own people',
      ['POST', at(`${pending.prescriptionId}/upload`), ownUpload],
      'PRESCRIPTION_NOT_FOUND',
    ),
    attempt(who, 'prescription.read', 'theirs', ['GET', at(locked.prescriptionId)], notFound, locked.prescriptionId),
    attempt(
      who,
      'prescription.read',
      'theirs, with the patient',
      ['GET', at(`${locked.prescriptionId}?include=patient`)],
      notFound,
      locked.prescriptionId,
    ),
    attempt(
      who,
      'prescription.withdraw',
      'theirs',
      ['POST', at(`${circulating.prescriptionId}/withdraw`), { reason: '撤回' }],
      notFound,
      circulating.prescriptionId,
    ),
    attempt(
      who,
      'prescription.endorse',
      'theirs',
      ['POST', at(`${circulating.prescriptionId}/endorse`), endorsement],
      notFound,
      circulating.prescriptionId,
    ),
    requestOf(who, strangers),
    ...chainOf(who, strangers),
  ];
}
