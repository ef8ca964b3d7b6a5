import { isRefused } from '@erx/errors';
import { formatReceipt, receiptAsJson } from '@erx/receipts';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { exact } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { GrantId, Uuid } from '../schemas/values.ts';
import { auditTag } from './audit.ts';

const base64 = (description: string) => Type.String({ contentEncoding: 'base64', description });

/** 存证回执: what shows an event in the log to anybody who has the log's public key. */
export function receiptRoutes(door: Door, { audit }: Peers): void {
  declare(door, {
    method: 'GET',
    url: '/v1/audit/receipts/:eventId',
    operation: 'chain.read',
    id: 'readReceipt',
    title: { zh: '存证回执', en: 'Receipt of an event: verified offline by npm run verify-receipt or at /verify' },
    tag: auditTag,
    params: Type.Object({ eventId: Uuid }),
    query: Type.Object({ grantId: Type.Optional(GrantId) }, { additionalProperties: false }),
    answer: Type.Object({
      eventId: Type.String(),
      type: Type.String(),
      event: base64('exact bytes as published'),
      salt: base64('32 random bytes'),
      leaf: base64('entry of the log, erx.audit.v1.LogEntry'),
      index: Type.Integer({ description: 'place in the log, from 0' }),
      proof: Type.Array(base64('sibling hash')),
      checkpoint: Type.String({ description: 'signed note (C2SP tlog-checkpoint)' }),
      file: Type.String({ description: 'the same as a text file, C2SP tlog-proof' }),
    }),
    async handle({ params: { eventId }, query: { grantId = '' } }, context) {
      const answer = await audit.readReceipt({ eventId, grantId }, context);
      if (isRefused(answer)) return answer;
      const receipt = { ...answer, index: exact(answer.index) };
      return { ...receiptAsJson(receipt), file: formatReceipt(receipt) };
    },
  });
}
