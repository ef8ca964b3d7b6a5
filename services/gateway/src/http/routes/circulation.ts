import { isRefused } from '@erx/errors';
import { LockResponse, ReleaseLockResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromPharmacyView } from '../mappers/prescription.ts';
import { fromInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { PrescriptionOfPharmacy } from '../schemas/prescription.ts';
import { GrantId, Instant, PrescriptionId, strict, text } from '../schemas/values.ts';

const tag = '处方流转 Circulation';
const Qr = Type.Optional(text(64, '处方二维码'));

const Lock = Type.Object({ lockId: Type.String(), lockedUntil: Instant, prescription: PrescriptionOfPharmacy });
const Pharmacy = Type.Object({ institutionId: Type.String(), name: Type.String(), division: Type.String() });

/** Find, choose, take, give back. */
export function circulationRoutes(door: Door, { dispensing }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/search',
    operation: 'prescription.find',
    id: 'searchPrescriptions',
    title: { zh: '查找可用处方', en: 'Open prescriptions of the person behind the grant' },
    tag,
    body: strict({ grantId: GrantId, qr: Qr }),
    answer: Type.Object({ prescriptions: Type.Array(PrescriptionOfPharmacy) }),
    async handle({ body: { grantId, qr = '' } }, context) {
      const answer = await dispensing.find({ grantId, qr }, context);
      return isRefused(answer) ? answer : { prescriptions: answer.prescriptions.map(fromPharmacyView) };
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/pharmacies',
    operation: 'pharmacy.list',
    id: 'listPharmacies',
    title: { zh: '可选药店', en: 'Pharmacies that may fill it: the choice is the patient’s' },
    tag,
    params: PrescriptionId,
    body: strict({ grantId: GrantId }),
    answer: Type.Object({ pharmacies: Type.Array(Pharmacy) }),
    handle: ({ params, body }, context) => dispensing.listPharmacies({ ...params, ...body }, context),
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/lock',
    operation: 'prescription.lock',
    id: 'lockPrescription',
    title: { zh: '接单锁定', en: 'Take a prescription' },
    tag,
    params: PrescriptionId,
    body: strict({ grantId: GrantId, qr: Qr }),
    answer: Lock,
    write: (stored) => toLock(LockResponse.decode(stored)),
    async handle({ params, body: { grantId, qr = '' } }, context) {
      const answer = await dispensing.lock({ ...params, grantId, qr }, context);
      return isRefused(answer) ? answer : toLock(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/release',
    operation: 'prescription.release',
    id: 'releasePrescription',
    title: { zh: '释放锁定', en: 'Give a prescription back' },
    tag,
    params: PrescriptionId,
    body: strict({ reason: text() }),
    answer: Type.Object({ status: Type.String() }),
    write: (stored) => ReleaseLockResponse.decode(stored),
    handle: ({ params, body }, context) => dispensing.releaseLock({ ...params, ...body }, context),
  });
}

function toLock({ lockId, lockedUntil, prescription }: LockResponse): Type.Static<typeof Lock> {
  if (prescription === undefined) throw new Error('a lock without its prescription');
  return { lockId, lockedUntil: fromInstant(lockedUntil), prescription: fromPharmacyView(prescription) };
}
