import { isRefused } from '@erx/errors';
import type { Entry, Logged, PassedOver as Range, ServedCheckpoint } from '@erx/proto/audit/v1/audit_service';
import Type, { type Static } from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { exact, fromInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Instant } from '../schemas/values.ts';
import { filterOf, replay, sinceOf } from './audit-filter.ts';

export const auditTag = '审计 Audit';
const LONGEST_PAGE = 1_000;

const PassedOver = Type.Object({ from: Type.Integer(), to: Type.Integer() });

const Checkpoint = Type.Object(
  {
    logId: Type.Integer(),
    note: Type.String({
      description: 'signed note: origin, size, root hash, signatures and the cosignatures there are',
    }),
  },
  { description: '检查点 the tree that is served of the log of the last entry; it may not hold the last ones yet' },
);

const base64 = (description: string) => Type.String({ contentEncoding: 'base64', description });

export const AuditEntry = Type.Object({
  number: Type.Integer({ description: 'gap-free in the reader’s division' }),
  eventId: Type.String(),
  type: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  key: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  value: base64('exact bytes as published, unless masked'),
  recordedAt: Instant,
  schemaVersion: Type.Integer({ description: 'major version of the event’s schema' }),
  logged: Type.Optional(
    Type.Object(
      {
        logId: Type.Integer({ description: 'the log under /v1/audit/logs/<logId>/' }),
        index: Type.Integer({ description: 'place of its leaf, from 0' }),
        salt: Type.Optional(base64('unless masked: the leaf is made of id, type and SHA-256 over salt and value')),
        saltedHash: Type.Optional(base64('only where masked: that SHA-256 over salt and the unmasked bytes')),
      },
      { description: '存证 where it stands in the public log' },
    ),
  ),
  masked: Type.Optional(
    Type.Array(Type.String(), { description: '脱敏字段 fields of the value left empty for the reader’s role' }),
  ),
});

/** A regulator or an agency reads its own division from any position or time, without gaps. */
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
        ...replay,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_PAGE, default: 100 })),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      entries: Type.Array(AuditEntry),
      passedOver: Type.Optional(Type.Array(PassedOver, { description: 'numbers that the filter let not through' })),
      through: Type.Integer({ description: 'last number looked at: ask after it; nothing follows when it is the end' }),
      end: Type.Integer({ description: 'last number given out' }),
      checkpoint: Type.Optional(Checkpoint),
    }),
    async handle({ query }, context) {
      const { after = 0, limit = 100 } = query;
      const asked = { after: BigInt(after), limit, filter: filterOf(query), since: sinceOf(query) };
      const answer = await audit.readEntries(asked, context);
      if (isRefused(answer)) return answer;
      const { entries, passedOver, through, end, checkpoint } = answer;
      return {
        entries: entries.map(toAuditEntry),
        ...(passedOver.length === 0 ? {} : { passedOver: passedOver.map(toPassedOver) }),
        through: exact(through),
        end: exact(end),
        ...(checkpoint === undefined ? {} : { checkpoint: toCheckpoint(checkpoint) }),
      };
    },
  });
}

export const toPassedOver = ({ from, to }: Range): Static<typeof PassedOver> => ({ from: exact(from), to: exact(to) });

export const toCheckpoint = ({ logId, note }: ServedCheckpoint): Static<typeof Checkpoint> => ({ logId, note });

export function toAuditEntry(entry: Entry): Static<typeof AuditEntry> {
  const {
    number,
    eventId,
    type,
    topic,
    partition,
    offset,
    key,
    headers,
    value,
    recordedAt,
    schemaVersion,
    masked,
    logged,
  } = entry;
  return {
    number: exact(number),
    eventId,
    type,
    topic,
    partition,
    offset: exact(offset),
    key,
    headers,
    value: toBase64(value),
    recordedAt: fromInstant(recordedAt),
    schemaVersion,
    ...(logged === undefined ? {} : { logged: toLogged(logged) }),
    ...(masked.length === 0 ? {} : { masked }),
  };
}

function toLogged({ logId, index, salt, saltedHash }: Logged) {
  return {
    logId,
    index: exact(index),
    ...(salt.length > 0 ? { salt: toBase64(salt) } : { saltedHash: toBase64(saltedHash) }),
  };
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
