import { isRefused } from '@erx/errors';
import { ReviewResponse, ViewHistoryResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromInstant, fromPacks, toBytes } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Base64, GrantId, Instant, Packs, PrescriptionId, strict, text } from '../schemas/values.ts';

const tag = '审方 Review';

const History = Type.Object({
  entries: Type.Array(
    Type.Object({
      soldAt: Instant,
      pharmacyName: Type.String(),
      drugCode: Type.String(),
      genericName: Type.String(),
      quantity: Packs,
      days: Type.Integer(),
    }),
  ),
});

/** The pharmacist reads the history, and the hub records it; then signs the review. */
export function reviewRoutes(door: Door, { dispensing }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/history',
    operation: 'history.view',
    id: 'viewHistory',
    title: { zh: '历史用药', en: 'This patient’s purchases at all pharmacies; the read is recorded' },
    tag,
    params: PrescriptionId,
    body: strict({ grantId: GrantId }),
    answer: History,
    write: (stored) => toHistory(ViewHistoryResponse.decode(stored)),
    async handle({ params, body }, context) {
      const answer = await dispensing.viewHistory({ ...params, ...body }, context);
      return isRefused(answer) ? answer : toHistory(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/review',
    operation: 'prescription.review',
    id: 'reviewPrescription',
    title: { zh: '药师审方', en: 'The pharmacist’s signed opinion' },
    tag,
    params: PrescriptionId,
    body: strict({
      pharmacistId: text(64),
      document: Base64(100_000, 'the exact signed bytes, erx.review.v1'),
      signature: text(200, 'SM2 r‖s in Base64'),
    }),
    answer: Type.Object({ opinion: Type.String(), status: Type.String() }),
    write: (stored) => ReviewResponse.decode(stored),
    handle: ({ params, body }, context) =>
      dispensing.review({ ...params, ...body, document: toBytes(body.document) }, context),
  });
}

function toHistory({ entries }: ViewHistoryResponse): Type.Static<typeof History> {
  return {
    entries: entries.map(({ soldAt, quantity, ...entry }) => ({
      ...entry,
      soldAt: fromInstant(soldAt),
      quantity: fromPacks(quantity),
    })),
  };
}
