import { isRefused, refuse } from '@erx/errors';
import {
  PrecheckRequest,
  PrecheckResponse,
  UploadRequest,
  UploadResponse,
} from '@erx/proto/issuing/v1/issuing_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { settleRepeat } from '../../outbound/settle-repeat.ts';
import { clearPersonOf } from '../mappers/person.ts';
import { fromHospitalView, fromPrecheck, fromUpload, toEvidence, toPrecheck } from '../mappers/prescription.ts';
import { toBytes } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Prechecked, Prescribed, PrescriptionOfHospital, Upload, Uploaded } from '../schemas/prescription.ts';
import { oneOf, PrescriptionId } from '../schemas/values.ts';

const tag = '处方开具 Prescribing';

/** A hospital's way: pre-check, signed upload, read back. */
export function prescriptionRoutes(door: Door, { verification, issuing, systems }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/pre-check',
    operation: 'prescription.precheck',
    id: 'precheckPrescription',
    title: { zh: '预核验', en: 'Pre-check: may this be prescribed? Allots the numbers' },
    tag,
    body: Prescribed,
    answer: Prechecked,
    status: 201,
    write: (stored) => fromPrecheck(PrecheckResponse.decode(stored)),
    async handle({ body }, context) {
      const identified = await verification.identify({ person: clearPersonOf(body.patient) }, { actor: context.actor });
      const answer = isRefused(identified)
        ? await settleRepeat(identified, context, systems.issuing, () =>
            issuing.precheck(PrecheckRequest.create(), context),
          )
        : await issuing.precheck({ ...toPrecheck(body), patient: identified.person }, context);
      return isRefused(answer) ? answer : fromPrecheck(answer);
    },
  });
  declare(door, {
    method: 'POST',
    url: '/v1/prescriptions/:prescriptionId/upload',
    operation: 'prescription.upload',
    id: 'uploadPrescription',
    title: { zh: '上传已签名处方', en: 'Upload the signed document with its evidence' },
    tag,
    params: PrescriptionId,
    body: Upload,
    answer: Uploaded,
    status: 201,
    write: (stored) => fromUpload(UploadResponse.decode(stored)),
    async handle({ params: { prescriptionId }, body }, context) {
      const checked = await verification.checkUpload(
        {
          prescriptionId,
          document: toBytes(body.document),
          evidence: toEvidence(body),
          hospitalId: context.actor.institutionId,
        },
        { actor: context.actor },
      );
      const answer = isRefused(checked)
        ? await settleRepeat(checked, context, systems.issuing, () =>
            issuing.upload(UploadRequest.create({ prescriptionId }), context),
          )
        : await issuing.upload({ prescriptionId, ...checked }, context);
      return isRefused(answer) ? answer : fromUpload(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url: '/v1/prescriptions/:prescriptionId',
    operation: 'prescription.read',
    id: 'readPrescription',
    title: { zh: '处方进度', en: 'Every step of a prescription with time and actor' },
    tag,
    params: PrescriptionId,
    query: Type.Object(
      { include: Type.Optional({ ...oneOf('patient'), description: 'opens the personal data; that is recorded' }) },
      { additionalProperties: false },
    ),
    answer: PrescriptionOfHospital,
    async handle({ params, query }, context) {
      const answer = await issuing.getPrescription(params, context);
      if (isRefused(answer)) return answer;
      const shown = fromHospitalView(answer);
      if (query.include === undefined || answer.patient === undefined) return shown;
      const opened = await verification.openPersons(
        { persons: [answer.patient], operation: 'prescription.read' },
        context,
      );
      if (isRefused(opened)) return opened;
      if (opened.erasedPersonIds.length > 0) return refuse('PERSONAL_DATA_ERASED');
      const [patient] = opened.persons;
      return patient === undefined ? shown : { ...shown, patient };
    },
  });
}
