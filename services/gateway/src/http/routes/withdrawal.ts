import { EndorseResponse, WithdrawResponse } from '@erx/proto/issuing/v1/issuing_service';
import type { Peers } from '../../outbound/peers.ts';
import { toBytes } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Endorsement, Standing, Withdrawal } from '../schemas/prescription.ts';
import { PrescriptionId } from '../schemas/values.ts';

const tag = '处方开具 Prescribing';

/** What a hospital may still do after its prescription circulates: take back the unsold rest, or sign once more. */
export function withdrawalRoutes(door: Door, { issuing }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/withdraw',
    operation: 'prescription.withdraw',
    id: 'withdrawPrescription',
    title: { zh: '撤方', en: 'Take back what is not sold; waits while a sale is in flight' },
    tag,
    params: PrescriptionId,
    body: Withdrawal,
    answer: Standing,
    write: (stored) => WithdrawResponse.decode(stored),
    handle: ({ params, body }, context) => issuing.withdraw({ ...params, ...body }, context),
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/endorse',
    operation: 'prescription.endorse',
    id: 'endorsePrescription',
    title: { zh: '复核恢复流转', en: 'Another admitted doctor signs a prescription on hold' },
    tag,
    params: PrescriptionId,
    body: Endorsement,
    answer: Standing,
    write: (stored) => EndorseResponse.decode(stored),
    handle: ({ params, body }, context) =>
      issuing.endorse({ ...params, ...body, document: toBytes(body.document) }, context),
  });
}
