import { isRefused } from '@erx/errors';
import type { Entry } from '@erx/proto/audit/v1/audit_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { exact, fromInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Instant } from '../schemas/values.ts';

export const auditTag = '审计 Audit';
const LONGEST_PAGE = 500;

export const Position = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  default: 0,
  description: 'number after which to begin',
});

export const AuditEntry = Type.Object({
  number: Type.Integer({ description: 'gap-free in the reader’s division' }),
  eventId: Type.String(),
  type: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  key: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  value: Type.String({ contentEncoding: 'base64', description: 'exact bytes as published' }),
  recordedAt: Instant,
});

/** A regulator reads its own division from any position, without gaps. */
export function auditRoutes(door: Door, { audit }: Peers): void {
  declare(door, {
    method: 'GET',
    url: '/v1/audit/entries',
    operation: 'audit.read',
    id: 'readAuditEntries',
    title: { zh: '审计记录', en: 'Entries of the reader’s division after a position' },
    tag: auditTag,
    query: Type.Object(
      {
        after: Type.Optional(Position),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_PAGE, default: 100 })),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      entries: Type.Array(AuditEntry),
      end: Type.Integer({ description: 'last number given out' }),
    }),
    async handle({ query: { after = 0, limit = 100 } }, context) {
      const answer = await audit.readEntries({ after: BigInt(after), limit }, context);
      return isRefused(answer) ? answer : { entries: answer.entries.map(toAuditEntry), end: exact(answer.end) };
    },
  });
}

export function toAuditEntry({ number, offset, value, recordedAt, ...entry }: Entry): Type.Static<typeof AuditEntry> {
  return {
    ...entry,
    number: exact(number),
    offset: exact(offset),
    value: Buffer.from(value).toString('base64'),
    recordedAt: fromInstant(recordedAt),
  };
}
